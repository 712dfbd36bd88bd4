"""`roadtui doctor`: what is wrong in a vault and around it; the mending of what can be mended for certain.

One file per kind of fault. Looking writes nothing but a scratch file, to find out how notes can be written
here. Mending goes through the one writer of notes and keeps in the state folder what takes it back.
"""
