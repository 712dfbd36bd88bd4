"""How fast roadtui is, held against what this machine could do at best; ``python -m benchmarks`` runs it all."""
