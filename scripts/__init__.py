"""Set-up that `make` runs, and that tests may ask."""
