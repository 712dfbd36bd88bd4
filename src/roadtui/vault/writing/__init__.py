"""Writing into notes that other programs are writing at the same moment."""
