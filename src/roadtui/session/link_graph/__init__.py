"""The links between notes: who links to whom, what links to a note, and the map of linked roadmaps."""
