"""The rows of a note's outline: which are shown, folded and filtered, and the positions that are saved."""
