"""Edits of notes: an edit finds its task again in the bytes on disk when it is written, then changes them."""
