"""What can be wanted of tasks: one small value for each kind of edit, which says what lines become.

They are intents: made when a key is pressed, they look at the note only when they are written (`core.edit`).
"""
