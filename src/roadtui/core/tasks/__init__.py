"""One task: its status, its fields, its recurrence, its line."""
