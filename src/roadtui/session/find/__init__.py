"""Finding in the whole vault: a query that is typed, saved views and their counts. No Textual."""
