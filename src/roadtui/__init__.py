"""roadtui: mission control, in the terminal, for the roadmaps in an Obsidian vault."""

__version__ = "0.1.0"
