"""Drafts of domains: an unknown file becomes a contract with indicators and a board, once a person confirms."""
