"""Reads the git repository around a vault: its log, its branches, its running commands. Never writes."""
