"""Numbers, drawn."""
