"""The rows of the table of parameters, a file for each group; `generation.prompts.parameters` is its door."""
