"""What the screen of the way out shows: the steps, the numbers, and one list for all three steps."""
