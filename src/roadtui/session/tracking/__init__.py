"""Notes and tasks that stay the same ones on the screen while the vault changes."""
