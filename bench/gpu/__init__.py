"""The engine on a GPU against stock diffusers, eager and compiled, on random weights, which run as fast as trained."""
