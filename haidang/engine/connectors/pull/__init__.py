"""Connectors that go and fetch: one module per kind of system, behind one guard. See docs/decisions/0017."""
