"""The way out: the triage of some roadmaps of a vault, and the transaction that a plan becomes."""
