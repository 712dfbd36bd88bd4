"""The task of the focus screen, and the time that is left of its phase."""
