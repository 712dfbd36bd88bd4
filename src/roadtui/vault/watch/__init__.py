"""What changed in a vault, as the system reports it."""
