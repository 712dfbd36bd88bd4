"""What can be done without a screen: each command's options, and what it does with the rooms below."""
