"""The domain: notes, sections, tasks, statuses, edits, progress and next actions. Pure; no I/O."""
