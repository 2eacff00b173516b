"""Finding pictures among those that everybody shows: by words, by what they show, by a picture, by facts.

The door of this room is here. It knows no HTTP. Whoever asks comes as a person: nothing is found that they may not see.
"""

from gallery.search._finding import Found, Results, Sought, find
from gallery.search._fusing import Why
from gallery.search._similar import UPLOAD, similar_picture
from gallery.search._writing import write_missing_words, write_words

__all__ = [
    "UPLOAD",
    "Found",
    "Results",
    "Sought",
    "Why",
    "find",
    "similar_picture",
    "write_missing_words",
    "write_words",
]
