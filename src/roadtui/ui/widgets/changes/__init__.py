"""The list of changes since the last look, and how its rows are drawn."""
