"""Dialogs of a few lines: each asks one thing and gives an answer."""
