"""One open vault: what the user sees and can do, without Textual."""
