"""All disk: reading notes safely, writing edits into them, watching a vault, what Obsidian says of it."""
