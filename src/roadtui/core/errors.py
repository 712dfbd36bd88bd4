"""Errors that are shown to the user: each is a type with a sentence that says what happened and what to do.

They are raised where the fault is found, and shown in one place (the screen's message line, or stderr).
"""


class RoadtuiError(Exception):
    """Base of every error that is shown to the user; `str(error)` is the sentence to show."""


class RefusedError(RoadtuiError):
    """An edit was refused, as it might have hit something other than the user saw. Nothing was written."""
