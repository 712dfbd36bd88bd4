"""All of Textual: the app, its screens and its widgets."""
