"""The query language: which tasks and headings a filter, a finder, a saved view or `--query` shows. Pure."""
