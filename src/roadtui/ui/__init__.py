"""All of Textual: the app, its screens and its widgets."""

from textual import constants

# Twice as often as Textual does: what misses a paint by a hair, as the tree often does beside the key bar,
# is in the next one 8 ms later. Nothing is painted where nothing has changed. `TEXTUAL_FPS` may ask for more.
constants.MAX_FPS = max(constants.MAX_FPS, 120)  # type: ignore[misc]  # Read by `textual.screen` as it is imported.
