"""Boards for the leaders of the province."""
