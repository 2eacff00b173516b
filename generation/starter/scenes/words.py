"""How people word the world: for every value of every attribute, the phrases that mean it."""

from __future__ import annotations

from typing import Final, NamedTuple

SUBJECT: Final[dict[str, tuple[str, ...]]] = {
    "house": ("house", "cottage", "cabin", "home"),
    "castle": ("castle", "fortress", "palace"),
    "lighthouse": ("lighthouse", "light tower"),
    "windmill": ("windmill", "mill"),
    "pagoda": ("pagoda", "japanese temple", "asian temple"),
    "treehouse": ("treehouse", "tree house"),
    "tent": ("tent", "camping tent"),
    "skyscraper": ("skyscraper", "high-rise", "office tower"),
    "car": ("car", "automobile", "vintage car"),
    "bus": ("bus", "school bus"),
    "boat": ("sailboat", "boat", "sailing ship"),
    "train": ("train", "steam train", "locomotive"),
    "bicycle": ("bicycle", "bike"),
    "balloon": ("hot air balloon", "hot-air balloon", "balloon"),
    "rocket": ("rocket", "spaceship", "rocket ship"),
    "airplane": ("airplane", "plane", "aeroplane"),
    "submarine": ("submarine", "u-boat"),
    "ufo": ("ufo", "flying saucer", "alien spaceship"),
    "cat": ("cat", "kitten", "kitty"),
    "dog": ("dog", "puppy"),
    "fox": ("fox", "fox cub"),
    "rabbit": ("rabbit", "bunny", "hare"),
    "bear": ("bear", "teddy bear"),
    "elephant": ("elephant", "baby elephant"),
    "horse": ("horse", "pony"),
    "unicorn": ("unicorn", "magical unicorn"),
    "frog": ("frog", "toad"),
    "turtle": ("turtle", "tortoise"),
    "dinosaur": ("dinosaur", "brontosaurus"),
    "bird": ("bird", "songbird", "sparrow"),
    "owl": ("owl", "little owl"),
    "penguin": ("penguin", "baby penguin"),
    "butterfly": ("butterfly", "moth"),
    "bee": ("bee", "bumblebee", "honey bee"),
    "fish": ("fish", "goldfish", "koi"),
    "whale": ("whale", "blue whale"),
    "octopus": ("octopus", "squid"),
    "robot": ("robot", "android", "droid"),
    "astronaut": ("astronaut", "cosmonaut", "spaceman"),
    "wizard": ("wizard", "magician", "sorcerer"),
    "knight": ("knight", "knight in armor"),
    "girl": ("girl", "woman", "girl in a dress", "princess"),
    "ghost": ("ghost", "friendly ghost", "spirit"),
    "snowman": ("snowman", "snow man"),
    "dragon": ("dragon", "wyvern"),
    "alien": ("alien", "little monster", "one-eyed monster"),
    "tree": ("tree", "old tree", "oak tree"),
    "palm": ("palm tree", "palm", "coconut palm"),
    "cactus": ("cactus", "saguaro"),
    "flower": ("flower", "blossom", "daisy"),
    "sunflower": ("sunflower",),
    "tulip": ("tulip", "tulip flower"),
    "mushroom": ("mushroom", "toadstool"),
    "pumpkin": ("pumpkin", "jack-o-lantern", "halloween pumpkin"),
    "teapot": ("teapot", "tea pot"),
    "cup": ("cup", "coffee cup", "cup of coffee", "mug"),
    "umbrella": ("umbrella", "parasol"),
    "guitar": ("guitar", "acoustic guitar"),
    "lantern": ("lantern", "paper lantern", "chinese lantern"),
    "crown": ("crown", "royal crown"),
    "heart": ("heart", "love heart"),
    "star": ("star", "smiling star"),
    "diamond": ("diamond", "gem", "crystal"),
    "book": ("book", "open book"),
    "clock": ("clock", "alarm clock"),
    "cupcake": ("cupcake", "muffin"),
    "apple": ("apple", "fresh apple"),
    "gift": ("gift", "present", "gift box"),
    "donut": ("donut", "doughnut"),
    "icecream": ("ice cream", "ice cream cone", "ice-cream cone"),
    "planet": ("planet", "ringed planet", "saturn"),
}
COLOR: Final[dict[str, tuple[str, ...]]] = {
    "red": ("red", "crimson", "scarlet"),
    "orange": ("orange", "tangerine"),
    "yellow": ("yellow", "golden", "gold"),
    "lime": ("lime", "lime green", "light green"),
    "green": ("green", "emerald", "dark green"),
    "teal": ("teal", "turquoise", "cyan"),
    "blue": ("blue", "cobalt", "azure"),
    "navy": ("navy", "navy blue", "dark blue"),
    "purple": ("purple", "violet"),
    "pink": ("pink", "rose pink", "magenta"),
    "brown": ("brown", "chestnut", "chocolate brown"),
    "black": ("black", "jet black"),
    "silver": ("silver", "grey", "gray", "silvery"),
    "white": ("white", "snow-white", "ivory"),
    "rainbow": ("rainbow", "rainbow-colored", "colorful", "multicolored"),
}


class Where(NamedTuple):
    """A place: in a sentence about something in it, and as a picture of its own."""

    around: tuple[str, ...]
    alone: tuple[str, ...]


PLACE: Final[dict[str, Where]] = {
    "mountains": Where(
        ("in the mountains", "with mountains in the background", "among mountain peaks", "in an alpine landscape"),
        ("mountains", "a mountain range", "an alpine landscape", "snowy mountain peaks"),
    ),
    "sea": Where(
        ("at sea", "on the sea", "by the ocean", "over the waves", "on the open ocean"),
        ("the open sea", "an ocean view", "a seascape", "waves of the sea"),
    ),
    "desert": Where(
        ("in the desert", "among sand dunes", "in a sandy desert"), ("a desert", "sand dunes", "a desert landscape")
    ),
    "forest": Where(
        ("in a forest", "in the woods", "in a deep forest", "among forest trees"),
        ("a forest", "the woods", "a forest clearing"),
    ),
    "city": Where(
        ("in the city", "with a city skyline", "on a city street", "downtown", "in an urban scene"),
        ("a city", "a city skyline", "a metropolis", "an urban skyline"),
    ),
    "meadow": Where(
        ("in a meadow", "on green hills", "in a field of flowers", "in the countryside"),
        ("a meadow", "green hills", "a flower meadow", "rolling countryside"),
    ),
    "arctic": Where(
        ("in the arctic", "on a snowfield", "in a winter landscape", "on the ice"),
        ("an arctic landscape", "a snowfield", "a winter landscape"),
    ),
    "space": Where(
        ("in space", "in outer space", "on an alien world", "in a galaxy", "on the moon"),
        ("outer space", "a galaxy", "deep space", "a nebula"),
    ),
    "lake": Where(
        ("by a lake", "at a mountain lake", "on a calm lake", "at the lakeside"),
        ("a lake", "a mountain lake", "a calm lake"),
    ),
    "beach": Where(
        ("on the beach", "on a tropical beach", "at the seaside", "on a sandy shore"),
        ("a beach", "a tropical beach", "the seaside"),
    ),
    "underwater": Where(
        ("underwater", "under the sea", "at the bottom of the ocean", "in a coral reef"),
        ("an underwater scene", "a coral reef", "the sea floor"),
    ),
    "clouds": Where(
        ("above the clouds", "in the clouds", "on a cloud", "high in the sky"),
        ("a sea of clouds", "the sky above the clouds", "a cloudscape"),
    ),
    "jungle": Where(
        ("in the jungle", "in a rainforest", "among tropical plants"), ("a jungle", "a rainforest", "tropical plants")
    ),
    "volcano": Where(
        ("by a volcano", "near an erupting volcano", "in a volcanic landscape", "with lava"),
        ("a volcano", "an erupting volcano", "a volcanic landscape"),
    ),
    "village": Where(
        ("in a village", "in a small town", "in front of old houses"),
        ("a village", "a small town", "old village houses"),
    ),
    "room": Where(
        ("in a room", "indoors", "in a cozy living room", "inside a house"),
        ("a room", "a cozy living room", "an interior"),
    ),
}


class Phrases(NamedTuple):
    """What fits into a sentence, and what stands between commas."""

    within: tuple[str, ...]
    tags: tuple[str, ...]


TIME: Final[dict[str, Phrases]] = {
    "sunrise": Phrases(
        ("at sunrise", "at dawn", "in the morning"), ("sunrise", "dawn", "early morning light", "morning light")
    ),
    "noon": Phrases(
        ("at noon", "by day", "in daylight", "under a blue sky"),
        ("daylight", "midday", "noon", "bright day", "blue sky"),
    ),
    "golden": Phrases(
        ("at golden hour", "in the golden hour", "in warm afternoon light", "in golden light"),
        ("golden hour", "warm afternoon light", "golden light"),
    ),
    "sunset": Phrases(
        ("at sunset", "in the evening", "in the evening sun"), ("sunset", "evening light", "red evening sky")
    ),
    "dusk": Phrases(("at dusk", "at twilight", "in the blue hour"), ("dusk", "twilight", "blue hour")),
    "night": Phrases(
        ("at night", "by moonlight", "under the stars", "at midnight"),
        ("night", "night scene", "moonlight", "starry night"),
    ),
}
WEATHER: Final[dict[str, Phrases]] = {
    "clear": Phrases(("under a clear sky", "in clear weather"), ("clear sky", "clear weather")),
    "cloudy": Phrases(("under a cloudy sky", "with clouds"), ("cloudy", "clouds", "overcast")),
    "fog": Phrases(("in fog", "in the mist", "in thick fog"), ("foggy", "misty", "fog", "mist")),
    "rain": Phrases(("in the rain", "on a rainy day"), ("rainy", "rain", "raining")),
    "snow": Phrases(("in falling snow", "while it snows", "with snowflakes"), ("snowing", "falling snow", "snowfall")),
    "storm": Phrases(("in a thunderstorm", "in a storm", "with lightning"), ("stormy", "thunderstorm", "lightning")),
    "rainbow": Phrases(("under a rainbow", "with a rainbow in the sky"), ("rainbow in the sky", "rainbow arc")),
    "aurora": Phrases(
        ("under the northern lights", "with aurora borealis", "under the aurora"),
        ("northern lights", "aurora borealis", "aurora"),
    ),
    "petals": Phrases(
        ("with falling petals", "among cherry blossom petals"),
        ("falling petals", "cherry blossom petals", "petals in the wind"),
    ),
}


class Manner(NamedTuple):
    """A style: what such a picture is called, and how it is tagged."""

    works: tuple[str, ...]
    tags: tuple[str, ...]


STYLE: Final[dict[str, Manner]] = {
    "vector": Manner(
        ("a flat vector illustration", "a vector illustration", "a flat illustration"),
        ("flat vector illustration", "vector art", "flat design", "minimalist illustration"),
    ),
    "watercolor": Manner(
        ("a watercolor painting", "a watercolor", "an aquarelle", "a watercolour"),
        ("watercolor", "watercolor painting", "watercolour", "aquarelle"),
    ),
    "oil": Manner(
        ("an oil painting", "an impressionist painting"),
        ("oil painting", "impressionist painting", "thick brush strokes", "oil on canvas"),
    ),
    "pixel": Manner(
        ("a pixel art scene", "a piece of pixel art"), ("pixel art", "8-bit", "16-bit game art", "retro game sprite")
    ),
    "ink": Manner(
        ("an ink drawing", "a pen and ink sketch", "a sketch"), ("ink drawing", "line art", "pen and ink", "sketch")
    ),
    "neon": Manner(
        ("a neon sign picture", "a glowing neon artwork"),
        ("neon", "synthwave", "cyberpunk neon", "glowing neon lights"),
    ),
    "pastel": Manner(
        ("a soft pastel drawing", "a pastel painting"),
        ("pastel", "soft pastel colors", "pastel drawing", "dreamy pastel"),
    ),
    "glass": Manner(
        ("a stained glass window", "a piece of stained glass"),
        ("stained glass", "stained glass window", "leaded glass"),
    ),
    "lowpoly": Manner(("a low poly render", "a low-poly scene"), ("low poly", "low-poly 3d", "polygonal art")),
    "woodcut": Manner(("a woodcut", "a linocut print", "a woodcut print"), ("woodcut", "linocut", "woodcut print")),
    "mosaic": Manner(("a mosaic", "a tile mosaic", "a roman mosaic"), ("mosaic", "mosaic tiles", "roman mosaic")),
    "chalk": Manner(
        ("a chalk drawing", "a blackboard drawing"), ("chalk drawing", "chalk on a blackboard", "chalkboard art")
    ),
    "papercut": Manner(
        ("a paper cut illustration", "a layered paper artwork"),
        ("paper cut", "papercut art", "layered paper", "paper craft"),
    ),
    "ukiyoe": Manner(
        ("a ukiyo-e print", "a japanese woodblock print"),
        ("ukiyo-e", "japanese woodblock print", "in the style of hokusai"),
    ),
    "popart": Manner(
        ("a pop art print", "a comic book panel"), ("pop art", "comic book style", "halftone dots", "comic art")
    ),
    "clay": Manner(
        ("a clay render", "a plasticine model", "a cute 3d render"),
        ("claymation", "clay render", "3d render", "plasticine"),
    ),
}
POSITION: Final[dict[str, tuple[str, ...]]] = {
    "left": ("on the left", "on the left side"),
    "center": ("in the center", "in the middle"),
    "right": ("on the right", "on the right side"),
}
SIZE: Final[dict[str, tuple[str, ...]]] = {
    "wide": ("tiny", "distant", "faraway"),
    "small": ("small", "little"),
    "normal": (),
    "large": ("large", "big", "giant", "huge"),
    "closeup": (),
}
"""Adjectives."""
SHOT: Final[dict[str, tuple[str, ...]]] = {
    "wide": ("wide shot of", "panorama with"),
    "small": (),
    "normal": (),
    "large": (),
    "closeup": ("close-up of", "close up of", "portrait of", "macro shot of"),
}
"""What stands before the subject."""
COUNT: Final[dict[int, tuple[str, ...]]] = {
    2: ("two", "2", "a pair of"),
    3: ("three", "3", "a group of three"),
    4: ("four", "4", "a group of four"),
}
RELATION: Final[dict[str, tuple[str, ...]]] = {
    "left of": ("left of", "to the left of", "on the left of"),
    "right of": ("right of", "to the right of", "on the right of"),
    "above": ("above", "over", "flying above", "high above"),
    "below": ("below", "under", "beneath"),
    "in front of": ("in front of", "before"),
    "behind": ("behind", "in the back of"),
    "on top of": ("on top of", "sitting on", "standing on", "on"),
}
KIND: Final[dict[str, tuple[str, ...]]] = {
    "plain": ("studio shot of", "isolated"),
    "logo": ("logo of", "logo with", "emblem of", "badge with", "app icon of", "icon of", "logo design with"),
    "sticker": ("sticker of", "die-cut sticker of", "cute sticker of"),
    "pattern": (
        "seamless pattern of",
        "repeating pattern of",
        "pattern with",
        "wallpaper pattern of",
        "textile pattern with",
    ),
}
KIND_TAGS: Final[dict[str, tuple[str, ...]]] = {
    "plain": ("isolated", "studio shot", "product shot"),
    "logo": ("logo", "logo design", "app icon", "emblem", "badge", "icon"),
    "sticker": ("sticker", "die-cut sticker", "sticker design"),
    "pattern": ("seamless pattern", "repeating pattern", "tileable", "wallpaper pattern"),
}
GROUND: Final = ("on a {} background", "on {}", "with a {} background")
GROUND_TAG: Final = "{} background"
_IRREGULAR: Final[dict[str, str]] = {
    "fish": "fish",
    "goldfish": "goldfish",
    "koi": "koi",
    "woman": "women",
    "spaceman": "spacemen",
    "snowman": "snowmen",
    "man": "men",
    "cactus": "cactuses",
    "bus": "buses",
    "octopus": "octopuses",
    "brontosaurus": "brontosauruses",
    "cup of coffee": "cups of coffee",
    "knight in armor": "knights in armor",
    "girl in a dress": "girls in dresses",
    "ice cream": "ice creams",
}


def plural(noun: str) -> str:
    """Several of a noun."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    head, _, last = noun.rpartition(" ")
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last.endswith(("x", "s", "ch", "sh")):
        last += "es"
    elif last.endswith("y") and last[-2] not in "aeiou":
        last = last[:-1] + "ies"
    else:
        last += "s"
    return f"{head} {last}" if head else last


def with_article(phrase: str) -> str:
    """The phrase with "a" or "an" before it, as it sounds."""
    vowel = phrase[0] in "aeio8" or (phrase.startswith("u") and not phrase.startswith(("ufo", "uni", "uki", "u-")))
    return ("an " if vowel else "a ") + phrase
