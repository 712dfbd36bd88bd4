"""The completion history: an event log of what was recorded, and dates imported from git.

Reads and writes the state folder, never the vault. It is not needed for the first screen and imported later.
Blocks; meant for worker threads.
"""
