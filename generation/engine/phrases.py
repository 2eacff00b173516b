"""What a picture may show, in words, topic by topic: banks from which a description is put together.

One general bank for a CLIP that knows any word, and that of a model that knows only some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from generation.contracts import Vocabulary

Slot = Literal[
    "subject", "color", "place", "time", "weather", "style", "composition",
    "light", "mood", "palette", "material", "detail",
]  # fmt: skip
"""What a topic's phrases do for a prompt; each counts once."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing to say.

    tag: as it stands between commas, `forest`.
    within: as it stands in a sentence, `in a forest`.
    """

    tag: str
    within: str


@dataclass(frozen=True, slots=True)
class Topic:
    """Phrases of which a prompt takes one at most."""

    slot: Slot
    phrases: tuple[Phrase, ...]


Bank = tuple[Topic, ...]

_LEADING: Final = re.compile(
    r"(?:(?:in|at|on|by|under|with|among|inside|near|through|above|over|during) )?(?:(?:the|a|an) )?"
)
_IN_SENTENCES: Final = frozenset({"subject", "place", "time", "weather"})
"""Slots whose phrases carry the words that tie them to a sentence; the others stand between commas."""


def _topic(slot: Slot, written: str) -> Topic:
    """A topic of phrases that are parted by commas; `tag | within` where one does not follow from the other."""
    return Topic(slot, tuple(_phrase(slot, " ".join(item.split())) for item in written.split(",")))


def _phrase(slot: Slot, item: str) -> Phrase:
    tag, _, within = item.partition(" | ")
    if within:
        return Phrase(tag, within)
    return Phrase(_LEADING.sub("", item, count=1) if slot in _IN_SENTENCES else item, item)


GENERAL: Final[Bank] = (
    _topic("subject", """
        a woman, a man, a girl, a boy, a child, a baby, an old man, an old woman, a couple, a crowd, a family,
        a dancer, a musician, a soldier, a knight, a king, a queen, a princess, a warrior, a samurai, a wizard, a witch,
        a pirate, a chef, a farmer, a fisherman, a cyclist, a runner, a surfer, a climber, a clown, a detective,
        a superhero, an angel, a demon, a ghost, a skeleton, a skull, a zombie, a vampire, a mermaid, a fairy,
        an elf, a giant, a monster, a dragon, a unicorn, a phoenix, a dinosaur, an alien, a robot, a cyborg,
        an astronaut, a doll, a teddy bear, a scarecrow, a snowman, a puppet, a face, an eye, a hand,
        a dog, a puppy, a cat, a kitten, a horse, a cow, a sheep, a goat, a pig, a donkey, a deer, a fox, a wolf,
        a bear, a panda, a lion, a tiger, a leopard, an elephant, a giraffe, a zebra, a rhinoceros, a hippo, a camel,
        a monkey, a gorilla, a kangaroo, a koala, a rabbit, a squirrel, a mouse, a hedgehog, a raccoon, an otter,
        a bat, a bird, an eagle, an owl, a parrot, a peacock, a swan, a duck, a rooster, a crow, a hummingbird,
        a flamingo, a penguin, a fish, a goldfish, a shark, a whale, a dolphin, an octopus, a jellyfish, a crab,
        a seahorse, a turtle, a snake, a lizard, a crocodile, a frog, a butterfly, a bee, a beetle, a spider,
        a tree, an oak tree, a palm tree, a bonsai, a cactus, a flower, a rose, a tulip, a sunflower, an orchid,
        a bouquet of flowers, a mushroom, a fern, leaves, a pumpkin, an apple, an orange, a banana, a lemon, grapes,
        strawberries, a cake, a cupcake, a donut, bread, a pizza, a burger, sushi, a bowl of soup, a salad, ice cream,
        a cup of coffee, a cup of tea, a glass of wine, a cocktail, a bottle, a house, a cottage, a cabin, a barn,
        a castle, a palace, a temple, a pagoda, a church, a cathedral, a mosque, a tower, a lighthouse, a windmill,
        a skyscraper, a bridge, a ruin, a statue, a fountain, a gate, a door, a window, a staircase, a tent,
        a car, a sports car, a vintage car, a truck, a bus, a train, a tram, a motorcycle, a bicycle, a tractor,
        a boat, a sailboat, a ship, a submarine, an airplane, a helicopter, a hot air balloon, a rocket, a spaceship,
        a ufo, a satellite, a chair, a sofa, a table, a bed, a lamp, a lantern, a candle, a clock, a pocket watch,
        a mirror, a book, a letter, a map, a globe, a camera, a telephone, a typewriter, a computer, a guitar, a piano,
        a violin, a trumpet, a drum, a vase, a teapot, a plate, a basket, a box, a gift, a key, a sword, a shield,
        a crown, a ring, a necklace, a diamond, a crystal, a mask, a hat, a dress, a pair of shoes, a handbag,
        an umbrella, a kite, a balloon, a ball, a chess set, a heart, a star, a cross, a planet, a galaxy, fireworks
    """),
    _topic("color", """
        red, crimson, orange, gold, yellow, lime, green, olive, teal, turquoise, cyan, blue, navy, purple, violet,
        magenta, pink, brown, beige, black, gray, silver, white, bronze, rainbow-colored
    """),
    _topic("place", """
        in the mountains, on a mountain peak, in a valley, in a canyon, on a cliff, in the desert, among sand dunes,
        in a forest, in a bamboo forest, in a jungle, in a swamp, in a meadow, in a field of flowers, in a wheat field,
        on a hill, in a garden, in a park, in an orchard, in a vineyard, by a river, by a waterfall, by a lake,
        at sea, on an island, on the beach, underwater, in a coral reef, in a cave, on a glacier, in the arctic,
        near a volcano, in the clouds, in the sky, in space, on the moon, on an alien planet, in a city,
        on a city street, in an alley, on a rooftop, with a city skyline, in a village, on a farm, in a harbor,
        at a market, at a train station, at an airport, on a highway, on a country road, in a castle, in a temple,
        in a cathedral, in ruins, in a graveyard, in a factory, in a laboratory, in a library, in a museum,
        in a classroom, in an office, in a workshop, in a studio, on a stage, in a theater, in a stadium, in a cafe,
        in a restaurant, in a bar, in a kitchen, in a living room, in a room, in a bedroom, in a bathroom, in a hallway,
        in an attic, in a greenhouse, in a shop, in a hospital, at an amusement park, on a table, on a windowsill,
        on a plain background, on a white background, on a black background
    """),
    _topic("time", """
        at sunrise, at dawn, in the early morning, in the morning, at noon, in daylight, in the afternoon,
        at golden hour, at sunset, in the evening, at dusk, at twilight, in the blue hour, at night, at midnight,
        in spring, in summer, in autumn, in winter, at christmas
    """),
    _topic("weather", """
        under a clear sky, clear | under a clear sky, under a blue sky, under a starry sky, cloudy | under a cloudy sky,
        under storm clouds, in fog, foggy | in the fog, in mist, misty | in the mist, in the rain, rainy | in the rain,
        in a drizzle, in a thunderstorm, stormy | in a storm, with lightning, in the wind, in a sandstorm, in the snow,
        snowing | in falling snow, in a blizzard, on a frosty day, rainbow in the sky | under a rainbow,
        northern lights | under northern lights, with a full moon, with falling leaves, falling petals | among falling
        petals, with smoke, with floating embers
    """),
    _topic("style", """
        photograph, black and white photograph, film photograph, polaroid photo, analog photo, documentary photo,
        street photography, fashion photography, product photography, food photography, wildlife photography,
        astrophotography, infrared photography, long exposure photograph, double exposure, tintype photograph,
        cinematic film still, oil painting, acrylic painting, watercolor painting, gouache painting, ink wash painting,
        fresco, mural, graffiti, spray paint art, pencil drawing, colored pencil drawing, charcoal drawing,
        chalk drawing, pastel drawing, crayon drawing, ink drawing, line art, sketch, doodle, technical drawing,
        blueprint, diagram, woodcut, linocut, engraving, etching, lithograph, screen print, risograph print, collage,
        paper cut, origami, mosaic, stained glass, tapestry, embroidery, quilt, knitted wool art, sculpture,
        marble statue, bronze sculpture, ceramic, wood carving, claymation, lego bricks, diorama, miniature model,
        digital painting, concept art, matte painting, flat vector illustration, children's book illustration,
        storybook illustration, fantasy illustration, botanical illustration, scientific illustration, anime, manga,
        comic book art, cartoon, caricature, pixel art, voxel art, low poly, isometric art, 3d render, wireframe,
        hologram, glitch art, fractal art, ascii art, tattoo design, movie poster, travel poster, propaganda poster,
        album cover, magazine cover, tarot card, postage stamp, playing card, app icon, impressionism,
        post-impressionism, pointillism, expressionism, abstract expressionism, fauvism, cubism, futurism,
        constructivism, suprematism, dada, surrealism, symbolism, romanticism, realism, hyperrealism, photorealism,
        renaissance painting, baroque painting, rococo painting, medieval illuminated manuscript, byzantine icon,
        art nouveau, art deco, bauhaus, pop art, op art, minimalism, folk art, naive art, ukiyo-e print,
        chinese ink painting, persian miniature, egyptian art, aboriginal dot painting, gothic art, steampunk,
        cyberpunk, dieselpunk, solarpunk, vaporwave, synthwave, psychedelic art, brutalism, memphis design
    """),
    _topic("composition", """
        close-up, extreme close-up, macro shot, portrait, headshot, full body shot, medium shot, wide shot,
        panorama, aerial view, bird's eye view, top view, low angle shot, high angle shot, side view, back view,
        silhouette, reflection, cross section, still life, group portrait, landscape view, seamless pattern, logo,
        sticker, flat lay, fisheye view, cutaway view
    """),
    _topic("light", """
        soft light, hard light, natural light, studio lighting, rim light, backlighting, side lighting,
        dramatic lighting, low-key lighting, high-key lighting, chiaroscuro, volumetric light, god rays, sunbeams,
        dappled light, diffused light, candlelight, firelight, moonlight, neon lights, colored gels, lens flare,
        bokeh lights, glowing, bioluminescence, spotlight, harsh shadows, long shadows, warm light, cold light
    """),
    _topic("mood", """
        calm, peaceful, serene, cozy, joyful, playful, cute, whimsical, romantic, nostalgic, dreamy, ethereal, magical,
        mysterious, melancholic, lonely, moody, gloomy, eerie, creepy, dark, menacing, tense, chaotic, energetic,
        heroic, epic, majestic, elegant, luxurious, futuristic, ancient, surreal, sacred, humorous
    """),
    _topic("palette", """
        monochrome, black and white, sepia, muted colors, pastel colors, vibrant colors, neon colors, earth tones,
        warm colors, cool colors, jewel tones, high contrast, low contrast, duotone, teal and orange, blue tones,
        green tones, red tones, golden tones, purple tones, desaturated, faded colors, colorful
    """),
    _topic("material", """
        made of glass, made of metal, made of gold, made of chrome, made of wood, made of stone, made of marble,
        made of ice, made of paper, made of clay, made of fabric, made of wool, made of leather, made of feathers,
        made of porcelain, made of plastic, made of crystal, made of smoke, made of water, made of fire, rusty,
        mossy, furry, shiny, weathered, cracked
    """),
    _topic("detail", """
        shallow depth of field, sharp focus, motion blur, film grain, soft focus, tilt-shift, highly detailed,
        intricate details, simple shapes, thick brush strokes, visible brush strokes, clean lines, bold outlines,
        cross-hatching, halftone dots, rough texture, smooth gradients, geometric shapes, symmetry, negative space,
        ornate, overgrown with plants, steam, splashing water, dust particles
    """),
)  # fmt: skip
"""For a CLIP that has seen pictures and texts of any kind."""

_SLOTS: Final[Mapping[str, Slot]] = {
    "Things": "subject",
    "Colors": "color",
    "Places": "place",
    "Times of day": "time",
    "Weather": "weather",
    "Styles": "style",
    "Designs": "composition",
}
"""The topics of a model's vocabulary that say what a picture shows; others, as where things stand, say it of two."""
_OTHERWISE: Final[Mapping[str, str]] = {"place": "in the {}", "time": "at {}", "weather": "with {}"}


def world_bank(vocabulary: Vocabulary) -> Bank:
    """The bank of a model that knows only some words: those by topic, in sentences as the general bank has them."""
    known = ((_SLOTS[topic], words) for topic, words in vocabulary.topics if topic in _SLOTS)
    return tuple(Topic(slot, tuple(_world_phrases(slot, words))) for slot, words in known if words)


def _world_phrases(slot: Slot, words: Iterable[str]) -> Iterator[Phrase]:
    for word in words:
        if slot == "subject":
            yield Phrase(word, articled(word))
        elif (within := _GENERAL_WITHIN.get((slot, word))) is not None:
            yield Phrase(word, within)
        else:
            yield Phrase(word, _OTHERWISE.get(slot, "{}").format(word))


def articled(words: str) -> str:
    """Words with "a" or "an" before them, by their first letter as it is mostly spoken."""
    return f"an {words}" if re.match(r"[aeio]|u(?!fo|ni|ki|se)", words) else f"a {words}"


_GENERAL_WITHIN: Final = {(topic.slot, phrase.tag): phrase.within for topic in GENERAL for phrase in topic.phrases}
