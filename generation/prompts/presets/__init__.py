"""The shelves of style presets, a file for each; `generation.prompts.styles` is their door."""
