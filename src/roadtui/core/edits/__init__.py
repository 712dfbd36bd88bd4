"""An edit is an intent for one note: its task is found again in the bytes of the moment, then it is made."""
