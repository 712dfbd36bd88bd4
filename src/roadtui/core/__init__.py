"""What a roadmap is: notes, sections, tasks, their statuses, edits and progress. Pure; no I/O."""
