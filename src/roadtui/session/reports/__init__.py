"""What is counted for the screens and the commands: progress, activity, a summary."""
