"""Where links lead, and where the user was."""
