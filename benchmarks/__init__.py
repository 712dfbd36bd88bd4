"""How fast roadtui is, held against the best that this machine could do: ``python -m benchmarks``."""
