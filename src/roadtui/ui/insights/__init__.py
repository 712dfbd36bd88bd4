"""Insights: numbers over time of a vault, a note or a part of one, and the cards they are shown on."""
