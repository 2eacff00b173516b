"""The engine against stock diffusers on the same weights, and against its own promises. All in this one process."""
