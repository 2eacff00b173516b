"""A scene in words: comma style or a sentence, with synonyms, and with things left unsaid as people do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from generation.starter.scenes import words
from generation.starter.scenes.palette import Rng
from generation.starter.scenes.sampling import DEFAULT_STYLE
from generation.starter.scenes.words import plural, with_article
from generation.starter.scenes.world import Scene

_SAY: Final = {
    "place": 0.88,
    "time": 0.70,
    "weather": 0.86,
    "clear": 0.08,
    "color": 0.88,
    "style": 0.93,
    "default style": 0.5,
}
_SAY_POSITION: Final = {"left": 0.55, "right": 0.55, "center": 0.12}
_COMMAS: Final = 0.55
_SHUFFLED: Final = 0.25


@dataclass(frozen=True)
class Wording:
    """A caption, and the attributes of the scene that it tells."""

    text: str
    told: frozenset[str]


def caption(scene: Scene, rng: Rng, *, full: bool = False) -> str:
    """A caption of the scene; `full` leaves nothing unsaid that a person would say."""
    return word(scene, rng, full=full).text


def word(scene: Scene, rng: Rng, *, full: bool = False) -> Wording:
    """A caption of the scene, and what it tells."""
    writer = _Writer(scene, rng, full)
    text = writer.design() if scene.kind != "scene" else writer.scene_text()
    return Wording(text, frozenset(writer.told))


@dataclass
class _Writer:
    scene: Scene
    rng: Rng
    full: bool
    told: set[str] = field(default_factory=set)

    def says(self, share: float, *, always: bool = True) -> bool:
        """Whether to say something that is said in a share of captions, and always in full ones."""
        return bool(self.rng.uniform() < share) or (self.full and always)

    def pick(self, phrases: Sequence[str]) -> str:
        return phrases[int(self.rng.integers(len(phrases)))]

    def tell(self, attribute: str, phrases: Sequence[str]) -> str:
        self.told.add(attribute)
        return self.pick(phrases)

    # --- the subject ---

    def color(self, attribute: str, value: str | None) -> str:
        if value is None or not self.says(_SAY["color"]):
            return ""
        return self.tell(attribute, words.COLOR[value])

    def noun(self, attribute: str, value: str | None, *, several: bool = False) -> str:
        noun = self.tell(attribute, words.SUBJECT[value or ""])
        return plural(noun) if several else noun

    def head(self) -> tuple[str, str]:
        """What is in the picture, and the article style that goes before it ("a" or "")."""
        scene = self.scene
        if scene.count > 1:
            number = self.tell("count", words.COUNT[scene.count])
            return _joined(
                number, self.color("color", scene.color), self.noun("subject", scene.subject, several=True)
            ), ""
        before, adjective = self.framing()
        thing = _joined(adjective, self.color("color", scene.color), self.noun("subject", scene.subject))
        if scene.relation:
            other = _joined(self.color("color2", scene.color2), self.noun("subject2", scene.subject2))
            return f"{thing} {self.tell('relation', words.RELATION[scene.relation])} {with_article(other)}", "a"
        if before:
            return f"{before} {with_article(thing)}", "" if before == "panorama with" else "a"
        return thing, "a"

    def framing(self) -> tuple[str, str]:
        """A shot before the subject, or an adjective for its size."""
        scene = self.scene
        if scene.relation or scene.kind != "scene":
            return "", ""
        shots, adjectives = words.SHOT[scene.size], words.SIZE[scene.size]
        if shots and self.says(0.85 if scene.size == "closeup" else 0.35, always=False):
            return self.tell("size", shots), ""
        if adjectives and self.says(0.6, always=False):
            return "", self.tell("size", adjectives)
        return "", ""

    # --- around it ---

    def style(self) -> bool:
        """Whether the caption names the style; the default style is often left out, so that no style means it."""
        share = _SAY["default style"] if self.scene.style == DEFAULT_STYLE else _SAY["style"]
        said = self.says(share)
        if said:
            self.told.add("style")
        return said

    def position(self) -> str:
        scene = self.scene
        if scene.count != 1 or scene.relation or scene.size == "closeup":
            return ""
        if not self.says(_SAY_POSITION[scene.position], always=False):
            return ""
        return self.tell("position", words.POSITION[scene.position])

    def place(self) -> str:
        if not self.says(_SAY["place"]):
            return ""
        return self.tell("place", words.PLACE[self.scene.place or ""].around)

    def time(self, *, tag: bool) -> str:
        scene = self.scene
        if scene.place == "space" or scene.time is None or not self.says(_SAY["time"]):
            return ""
        phrases = words.TIME[scene.time]
        return self.tell("time", phrases.tags if tag and self.rng.uniform() < _COMMAS else phrases.within)

    def weather(self, *, tag: bool) -> str:
        scene = self.scene
        if scene.weather is None:
            return ""
        clear = scene.weather == "clear"
        if not self.says(_SAY["clear" if clear else "weather"], always=not clear):
            return ""
        if scene.place in ("space", "underwater", "room"):
            return ""
        phrases = words.WEATHER[scene.weather]
        return self.tell("weather", phrases.tags if tag else phrases.within)

    # --- whole captions ---

    def scene_text(self) -> str:
        commas = bool(self.rng.uniform() < _COMMAS)
        if self.scene.subject:
            thing, article = self.head()
            place = self.place()
        else:
            thing, article = self.tell("place", words.PLACE[self.scene.place or ""].alone), ""
            place = ""
        return self.with_commas(thing, article, place) if commas else self.sentence(thing, article, place)

    def with_commas(self, thing: str, article: str, place: str) -> str:
        if article and self.rng.uniform() < _COMMAS:
            thing = with_article(thing)
        if place and self.rng.uniform() < _COMMAS:
            thing, place = f"{thing} {place}", ""
        rest = [self.position(), place, self.time(tag=True), self.weather(tag=True)]
        if self.style():
            rest.append(self.pick(words.STYLE[self.scene.style].tags))
        if self.rng.uniform() < _SHUFFLED:
            self.rng.shuffle(rest)
        return ", ".join(part for part in (thing, *rest) if part)

    def sentence(self, thing: str, article: str, place: str) -> str:
        subject = with_article(thing) if article else thing
        told = _joined(subject, self.position(), place, self.time(tag=False), self.weather(tag=False))
        return self.in_style(told)

    def in_style(self, told: str) -> str:
        if not self.style():
            return told
        manner = words.STYLE[self.scene.style]
        form = int(self.rng.integers(4))
        if form == 0:
            return f"{told}, {self.pick(manner.tags)}"
        if form == 1:
            return f"{self.pick(manner.works).split(' ', 1)[1]}: {told}"
        return f"{self.pick(manner.works)} of {told}"

    def design(self) -> str:
        scene = self.scene
        several = scene.kind == "pattern"
        self.told.add("kind")
        thing = _joined(self.color("color", scene.color), self.noun("subject", scene.subject, several=several))
        ground = ""
        if scene.ground and self.says(0.7):
            ground = self.tell("ground", words.COLOR[scene.ground])
        if self.rng.uniform() < _COMMAS:
            rest = [self.pick(words.KIND_TAGS[scene.kind])]
            rest += [words.GROUND_TAG.format(ground)] if ground else []
            rest += [self.pick(words.STYLE[scene.style].tags)] if self.style() else []
            return ", ".join([thing, *rest])
        opening = self.pick(words.KIND[scene.kind])
        shown = thing if several else with_article(thing)
        text = f"isolated {thing}" if opening == "isolated" else f"{opening} {shown}"
        if ground:
            phrase = self.pick(words.GROUND).format(ground)
            text = _joined(text, phrase.replace("a " + ground, with_article(ground)))
        text += f", {self.pick(words.STYLE[scene.style].tags)}" if self.style() else ""
        return text


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
