"""Boards, lists and drafts on paper: made for one reader, kept, made again, and sent by schedule."""
