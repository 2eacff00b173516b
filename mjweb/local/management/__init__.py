"""Commands of the local room."""
