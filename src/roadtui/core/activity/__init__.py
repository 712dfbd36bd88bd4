"""Which tasks of a vault have changed since they were seen: followed by numbers that stay theirs. Pure."""
