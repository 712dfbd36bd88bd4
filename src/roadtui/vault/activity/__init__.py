"""What somebody has seen of the vault, and who has changed it since. Blocks; meant for worker threads."""
