"""Triage: what is kept, put off and dropped of some roadmaps, and what becomes of the forecast. Pure."""
