"""Rules of the house: what may be asked for, by whom, in which order, and how it is written down. ORM, no torch."""
