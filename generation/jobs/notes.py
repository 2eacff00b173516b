"""What a prompt says that changes nothing, or that comes to something else than its words: never dropped in silence.

Each is stored with the job, and shown where the prompt is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from generation.contracts import CheckpointCard
from generation.jobs import words
from generation.jobs.limits import is_code, is_zoomed
from generation.jobs.meaning import Meaning
from generation.prompts import familiar
from generation.prompts.spec import PromptSpec
from mjweb.common.saying import say


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know. code: for programs; sentence: for people."""

    code: str
    sentence: str

    def to_json(self) -> dict[str, str]:
        """As plain JSON values, for the job's row and the API."""
        return asdict(self)


def notes(spec: PromptSpec, card: CheckpointCard, meaning: Meaning) -> tuple[Note, ...]:
    """Everything that a person should know of how their prompt was read, each once."""
    read = (Note(warning.code, warning.sentence) for warning in spec.warnings)
    found = [*read, *_of_numbers(spec, card), *_of_pictures(spec), *_of_styles(spec, card, meaning)]
    return tuple(dict.fromkeys(found))


def _of_numbers(spec: PromptSpec, card: CheckpointCard) -> Iterator[Note]:
    if spec.guidance is not None and (unread := _typed(spec, "exp")):
        yield Note(
            "overruled", say("--guidance says how much of it there is, so {names} changes nothing.", names=unread)
        )
    if card.guidance == 1 and (unread := _typed(spec, "stylize", "exp", "no")):
        yield Note(
            "no_guidance",
            say(
                "{model} paints without guidance, so {names} changes little or nothing.", model=card.title, names=unread
            ),
        )
    elif card.family == "flux" and (unread := _typed(spec, "no")):
        yield Note(
            "no_negative",
            say(
                "{model} was not trained to keep things out, so {names} changes nothing.",
                model=card.title,
                names=unread,
            ),
        )
    if spec.same_seed is not None:
        yield Note("one_picture", say("Pictures of one seed are the same to the bit, so --sameseed paints one."))


def _of_pictures(spec: PromptSpec) -> Iterator[Note]:
    if spec.images and not spec.image_weight:
        yield Note("left_out", say("--iw 0 leaves the images out."))
    if spec.style_refs and not spec.style_weight:
        yield Note("left_out", say("--sw 0 leaves the style references out."))
    if references := _typed(spec, "cref", "oref"):
        yield Note(
            "image_prompt",
            say("No model here knows characters or things by a picture: {names} is an image prompt.", names=references),
        )
    if is_zoomed(spec) and (unread := _typed(spec, "iw", "cref", "oref")):
        yield Note("overruled", say("--zoom paints around its one image, so {names} changes nothing.", names=unread))
    if is_zoomed(spec) and not spec.parts:
        yield Note("no_words", say("Without words the new canvas is painted after the image alone."))


def _of_styles(spec: PromptSpec, card: CheckpointCard, meaning: Meaning) -> Iterator[Note]:
    if not spec.parts and (unread := _typed(spec, "style", *(("sref",) if _has_codes(spec) else ()))):
        yield Note(
            "no_words",
            say("A blend has no words that {names} could be put around, so it changes nothing.", names=unread),
        )
        return
    if spec.style:
        if not words.is_understood(words.preset_dress(spec.style), card.vocabulary):
            yield Note(
                "unknown_style",
                say(
                    "{model} knows none of the words of --style {style}, so it will guess.",
                    model=card.title,
                    style=spec.style,
                ),
            )
        if "stylize" in spec.given and not spec.stylize:
            yield Note("left_out", say("--stylize 0 leaves --style {style} out.", style=spec.style))
    if any(one.ref == "random" for one in spec.style_refs) and meaning.codes:
        drawn = ", ".join(map(str, meaning.codes))
        yield Note("style_code", say("The style was drawn by --sref {drawn}: type that to have it again.", drawn=drawn))


def unfamiliar(text: str, spec: PromptSpec, card: CheckpointCard) -> Note | None:
    """A word where a model of few words knows none of a prompt's; None where it knows one."""
    found = familiar.hint(text, spec, card.vocabulary) if spec.parts else None
    return Note(found.code, found.sentence) if found else None


def _has_codes(spec: PromptSpec) -> bool:
    return any(is_code(one.ref) for one in spec.style_refs)


def _typed(spec: PromptSpec, *names: str) -> str:
    """Those of these parameters that were typed, for a sentence; empty for none."""
    found = [f"--{name}" for name in names if name in spec.given]
    return say(" and ").join(found)
