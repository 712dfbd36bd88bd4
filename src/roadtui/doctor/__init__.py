"""`roadtui doctor`: finds problems in a vault and around it, and repairs those that have one certain repair.

One module per kind of problem. The checks write nothing but a scratch file, to find out how notes can be
written. Repairs go through the writer of notes, and are saved in the state folder so that they can be undone.
"""
