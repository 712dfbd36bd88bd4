"""Functions that build a transaction from the items of a note: one for each row of `session.actions`."""
