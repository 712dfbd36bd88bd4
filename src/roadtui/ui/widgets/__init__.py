"""Widgets, one a file, each with its own TCSS beside its class."""
