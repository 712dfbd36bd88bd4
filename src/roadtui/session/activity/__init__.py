"""While you were away: what has changed since the last look, who it was, and how it is taken back."""
