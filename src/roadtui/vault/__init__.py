"""Everything on disk: reads, watches and writes the notes of a vault, and reads Obsidian's settings."""
