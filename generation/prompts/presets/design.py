"""Style presets: design."""

from __future__ import annotations

from typing import Final

from generation.prompts.presets.preset import StylePreset

DESIGN: Final = (
    StylePreset(
        "logo",
        "Logo",
        "A mark that still works as a stamp.",
        "a logo of",
        "simple vector mark, flat color, centered on white, strong silhouette",
        ("photograph", "gradients", "text", "background"),
        group="Design",
    ),
    StylePreset(
        "icon",
        "App icon",
        "One object on a rounded square.",
        "an app icon of",
        "rounded square, one object, soft gradient, centered",
        ("text", "clutter"),
        group="Design",
    ),
    StylePreset(
        "sticker",
        "Sticker",
        "Cut out, with a white border.",
        "a sticker of",
        "thick white border, flat shading, isolated on plain background",
        ("scene", "photograph"),
        group="Design",
    ),
    StylePreset(
        "vector",
        "Flat vector",
        "Flat shapes, few colors.",
        "a flat vector illustration of",
        "minimalist shapes, limited palette, no texture",
        ("shading", "photograph"),
        group="Design",
    ),
    StylePreset(
        "poster",
        "Poster",
        "A picture with room for a title.",
        "a poster of",
        "strong central image, bold color blocks, space for a title",
        ("small details",),
        group="Design",
    ),
    StylePreset(
        "pattern",
        "Pattern",
        "Repeats for ever.",
        "a seamless pattern of",
        "evenly scattered motifs, flat colors, plain ground",
        ("single object", "perspective"),
        group="Design",
    ),
    StylePreset(
        "isometric",
        "Isometric",
        "A small world, seen from the corner.",
        "an isometric illustration of",
        "clean edges, tiny details, soft shadows, plain background",
        ("perspective distortion",),
        group="Design",
    ),
    StylePreset(
        "infographic",
        "Diagram",
        "Explained with shapes.",
        "an infographic illustration of",
        "simple icons, arrows, clear sections, flat color",
        ("photograph",),
        group="Design",
    ),
    StylePreset(
        "tarot",
        "Tarot card",
        "A card with a meaning.",
        "a tarot card of",
        "ornate frame, symbolic objects, gold foil, flat color",
        ("photograph",),
        group="Design",
    ),
    StylePreset(
        "stained-glass",
        "Stained glass",
        "Light through colored glass.",
        "a stained glass window of",
        "thick lead lines, glowing jewel colors",
        ("shading", "photograph"),
        group="Design",
    ),
    StylePreset(
        "mosaic",
        "Mosaic",
        "Laid out of small stones.",
        "a mosaic of",
        "small colored tiles, visible grout, roman floor",
        ("smooth gradients",),
        group="Design",
    ),
)
