"""Commands of the local room: `up`."""
