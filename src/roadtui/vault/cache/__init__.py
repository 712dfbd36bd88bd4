"""The cache of notes: what an earlier run of the program has read."""
