"""What opens at a row and asks one thing: a line of text, a choice, yes or no. Imported on first use."""
