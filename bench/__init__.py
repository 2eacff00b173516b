"""The measurements behind `make bench`. Each line is a ratio, or a figure with its goal, taken within one run."""
