"""What made-up people are called, and what they ask for."""

from typing import Final

FIRST_NAMES: Final = (
    "mara", "okafor", "yuki", "tomas", "ines", "lian", "noor", "bea", "ravi", "elif", "jonas", "amina", "pavel",
    "sofia", "kenji", "lena", "omar", "freya", "diego", "hana", "marek", "zoe", "ibrahim", "clara", "nils",
)  # fmt: skip
LAST_NAMES: Final = (
    "lindt", "rivers", "stone", "vale", "frost", "harbor", "quill", "ember", "meadow", "north", "sable", "winter",
    "larkin", "holm", "castell", "brandt", "sato", "moreau", "novak", "petrov", "okoye", "haddad", "silva", "berg",
    "woods",
)  # fmt: skip
THINGS: Final = (
    "a red lighthouse", "a sailing boat", "an old castle", "a steam train", "a sleeping cat", "a white rocket",
    "a glass house", "a field of sunflowers", "a teal robot", "a ringed planet", "a wooden cabin", "a blue whale",
    "a paper crane", "a stone bridge", "a hot-air balloon", "a hummingbird", "a street market", "a mountain lake",
    "a night bus", "a clockmaker", "a fox", "an astronaut", "a chess board", "a greenhouse", "海边的灯塔",
    "雪山下的木屋",
)  # fmt: skip
PLACES: Final = (
    "by the sea", "in deep snow", "under the northern lights", "at dawn", "in heavy rain", "above the clouds",
    "in a quiet valley", "at the edge of the city", "in a bamboo forest", "under a full moon", "in the desert",
    "on a summer evening", "in thick fog", "beside a waterfall", "in an empty hall", "at the end of the pier",
)  # fmt: skip
LOOKS: Final = (
    "oil painting", "flat vector illustration", "soft light", "stained glass", "low poly", "ink", "pastel",
    "long exposure", "woodcut", "pixel art", "wide angle", "muted colors", "film grain", "detailed", "high contrast",
)  # fmt: skip
RATIOS: Final = ((1, 1), (3, 2), (2, 3), (16, 9), (4, 5))
