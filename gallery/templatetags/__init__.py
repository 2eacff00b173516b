"""What templates outside the gallery show of it."""
