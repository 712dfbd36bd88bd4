"""The preview: the rendered note, on the line API."""
