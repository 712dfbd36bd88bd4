"""The terminal: its driver, signals and pastes, and the base of the programs that fill it."""
