"""The vault of `roadtui demo`: a copy of the sample vault, with a git repository of its own."""
