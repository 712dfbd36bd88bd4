"""The lines that a query is typed into, and what it finds."""
