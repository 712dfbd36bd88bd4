"""What can be done next, and why."""
