"""Errors that a person reads. An error is a type with a sentence: what happened and what to do.

Raised where the fault is known and shown in one place (the screen's message line, or stderr).
"""


class RoadtuiError(Exception):
    """Base of every error that is meant for the user; ``str(error)`` is the sentence to show."""


class RefusedError(RoadtuiError):
    """An edit was not made, because it could not be proven to hit what the user saw. Nothing was written."""
