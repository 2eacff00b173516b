"""Style presets: prints."""

from __future__ import annotations

from typing import Final

from generation.prompts.presets.preset import StylePreset

PRINT: Final = (
    StylePreset(
        "woodcut",
        "Woodcut",
        "Carved in wood, printed in black.",
        "a woodcut of",
        "bold carved lines, black ink on cream paper, rough edges",
        ("gray shading", "photograph"),
        group="Prints",
    ),
    StylePreset(
        "engraving",
        "Engraving",
        "Lines as fine as on a banknote.",
        "a copper engraving of",
        "fine parallel lines, cross-hatching, antique print",
        ("color", "blur"),
        group="Prints",
    ),
    StylePreset(
        "ukiyo-e",
        "Ukiyo-e",
        "A Japanese print of the floating world.",
        "a ukiyo-e print of",
        "flat color, flowing outlines, woodblock grain, stylized waves and clouds",
        ("shading", "perspective"),
        group="Prints",
    ),
    StylePreset(
        "risograph",
        "Risograph",
        "Two inks that do not quite meet.",
        "a risograph print of",
        "two spot colors, grain, misregistered layers",
        ("photograph", "gradients"),
        group="Prints",
    ),
    StylePreset(
        "screen-print",
        "Screen print",
        "Flat inks, a poster on a wall.",
        "a screen print of",
        "four flat inks, crisp shapes, paper texture",
        ("gradients",),
        group="Prints",
    ),
    StylePreset(
        "pop-art",
        "Pop art",
        "Loud color and dots.",
        "pop art of",
        "bright flat colors, thick outlines, halftone dots, repeated motif",
        ("muted color",),
        group="Prints",
    ),
    StylePreset(
        "art-nouveau",
        "Art nouveau",
        "Plants and hair, in one long line.",
        "an art nouveau poster of",
        "flowing organic lines, ornamental frame, muted gold and green",
        ("straight lines",),
        group="Prints",
    ),
    StylePreset(
        "art-deco",
        "Art deco",
        "Gold, symmetry and speed.",
        "an art deco poster of",
        "geometric symmetry, gold and black, streamlined shapes",
        ("organic lines",),
        group="Prints",
    ),
    StylePreset(
        "travel-poster",
        "Travel poster",
        "A reason to buy a ticket, eighty years ago.",
        "a vintage travel poster of",
        "simplified shapes, bold sunlit color, wide sky",
        ("photograph", "clutter"),
        group="Prints",
    ),
    StylePreset(
        "propaganda",
        "Agitation poster",
        "Red, diagonal, certain.",
        "a constructivist poster of",
        "red and black, diagonal composition, heroic scale",
        ("pastel colors",),
        group="Prints",
    ),
)
