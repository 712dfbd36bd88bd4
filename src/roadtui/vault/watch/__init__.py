"""Watches a vault for changes that the system reports."""
