"""The web process: live streams, health and files by Starlette, pages by Django in threads behind it."""
