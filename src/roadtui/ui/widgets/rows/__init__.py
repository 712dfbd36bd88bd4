"""The parts of a row of the tree: columns at its right edge, days in words, the rendered name."""
