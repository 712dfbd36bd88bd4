"""Numbers over tasks: progress, activity over time, forecast."""
