"""Functions that build a transaction from the items of a note, for the rows of `session.actions`."""
