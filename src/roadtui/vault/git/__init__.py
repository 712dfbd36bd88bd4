"""The git repository around a vault: its log, its branches, its work under way."""
