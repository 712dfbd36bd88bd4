"""Next actions: the open tasks that can be done now, ranked, each with its reasons. Pure."""
