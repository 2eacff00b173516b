"""Sentences in the language of whoever is answered, told by rooms that know no Django."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.apps import apps
from django.utils.translation import override

from generation.prompts.parser import check
from mjweb.common.saying import say, say_again, say_many, sayable, speak_with, spoken_language

BACKWARDS = {"A name is needed.": "dedeen si eman A", "{name} is no number.": "rebmun on si {name}", "": "headers"}
ROUNDS = 40


@pytest.fixture
def silence():
    """Nobody translates, as where no server runs."""
    speak_with()
    yield
    apps.get_app_config("accounts").ready()


def test_without_a_server_it_is_english(silence):
    assert say("A name is needed.") == sayable("A name is needed.") == "A name is needed."
    assert say("{name} is no number.", name="{seed}") == "{seed} is no number."
    assert say_many("{count} job", "{count} jobs", 1) == "1 job"
    assert say_many("{count} job of {of}", "{count} jobs of {of}", 3, of=9) == "3 jobs of 9"
    assert spoken_language() == "en"


def test_a_text_without_values_is_said_as_it_is(silence):
    assert say("Type {, as in {a, b}.") == "Type {, as in {a, b}."


def test_the_text_is_translated_before_its_values_come_in(silence):
    speak_with(lambda text: BACKWARDS.get(text, text), lambda *texts: "|".join(texts[:2]), lambda: "xx")
    assert say("{name} is no number.", name="A name is needed.") == "rebmun on si A name is needed."
    assert say_many("{count} job", "{count} jobs", 2) == "2 job|2 jobs"
    assert spoken_language() == "xx"


def test_an_empty_text_stays_empty(silence):
    """For gettext it stands for the headers of the whole catalog."""
    speak_with(lambda text: BACKWARDS.get(text, text))
    assert say("") == ""


def test_a_server_speaks_the_language_of_the_request():
    english = say("A name is needed.")
    with override("zh-hans"):
        assert (say("A name is needed."), spoken_language()) != (english, "en")
        assert say("Nobody ever translates this.") == "Nobody ever translates this."
    assert (say("A name is needed."), spoken_language()) == (english, "en")


def test_what_is_kept_of_a_prompt_is_kept_in_one_language():
    """Readings are remembered; the next person may read another language."""
    english = check("a --chaos 500").problems[0]
    with override("zh-hans"):
        chinese = check("a --chaos 500").problems[0]
    again = check("a --chaos 500").problems[0]
    assert english == again
    assert (chinese.code, chinese.fix.text) == (english.code, english.fix.text)
    assert chinese.sentence != english.sentence
    assert "--chaos" in chinese.sentence
    assert "100" in chinese.fix.label


def test_threads_keep_to_their_languages():
    start = Barrier(2)

    def told(language: str) -> set[str]:
        start.wait()
        sentences = set()
        for number in range(ROUNDS):
            with override(language):
                sentences |= {one.sentence for one in check(f"a {number} --chaos 500 --foo").problems}
        return sentences

    with ThreadPoolExecutor(2) as threads:
        english, chinese = threads.map(told, ("en", "zh-hans"))
    assert english == {"--chaos goes from 0 to 100.", "--foo is not a parameter."}
    assert len(chinese) == len(english)
    assert not chinese & english


def test_what_was_written_down_is_told_again_with_its_values(silence):
    template = "{name} was read {count} times (or so)."
    written = template.format(name="a {b}\nc", count=3)
    assert say_again(written, template) == written
    speak_with({template: "({count}) {name}!", "Not ready": "not yet"}.get)
    assert say_again(written, "{other} is something else.", template) == "(3) a {b}\nc!"
    assert say_again("Not ready", template) == "not yet"
