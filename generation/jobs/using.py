"""What a finished picture gives to the next prompt."""

from __future__ import annotations

from dataclasses import replace

from generation.models import Image
from generation.prompts.canonical import canonical
from generation.prompts.parser import check


def seeded_prompt(image: Image) -> str:
    """The picture's prompt with its seed: four pictures, the first of which has its noise. The job is selected."""
    text = image.job.prompt
    spec = check(text).spec
    if spec is None:
        return text
    if "seed" not in spec.given and "sameseed" not in spec.given:
        return f"{text.rstrip()} --seed {image.seed}"
    given = spec.given - {"sameseed"} | {"seed"}
    return canonical(replace(spec, seed=image.seed, same_seed=None, given=given))
