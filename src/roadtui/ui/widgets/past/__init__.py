"""What the time machine shows above the panes: the days, and what happened since."""
