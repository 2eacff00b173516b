from http import HTTPStatus
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from generation.jobs.option_sets import keep_option_set
from generation.jobs.preferences import keep_preferences
from generation.views.prompts import bar
from tests.factories import finished_job, queued_job

CHECK = "/prompts/check/"
NOBODY = UUID(int=0)


@pytest.fixture
def check(client, alice, checkpoint):
    client.force_login(alice)
    return lambda text: client.post(CHECK, {"prompt": text}).json()


def test_strangers_may_not_ask(client, db):
    assert client.post(CHECK, {"prompt": "a boat"}).status_code == HTTPStatus.FOUND


def test_marks_stand_at_the_columns_of_what_they_color(check):
    text = "🦊 neon::2 snow --ar 3:2"
    marks = {mark["kind"]: text[mark["start"] : mark["end"]] for mark in check(text)["marks"]}
    assert marks == {"weight": "::2", "param": "--ar 3:2"}


def test_the_plan_says_what_enter_will_make(check, checkpoint):
    plan = check("a boat --ar 3:2 --s 250")["plan"]
    assert "160 × 96" in plan  # noqa: RUF001 - the sign between two sizes
    assert "<b>250</b>" in plan
    assert f"steps <b>{checkpoint.card.steps}</b>" in plan
    assert checkpoint.card.title in plan
    assert "4 pictures" in plan


def test_the_wait_is_known_once_something_was_made(check, alice):
    assert "about" not in check("a boat")["plan"]
    finished_job(alice)
    assert "about 1 s" in check("a boat")["plan"]
    queued_job(alice)
    assert "about 2 s" in check("a boat")["plan"]


def test_a_private_prompt_says_so(check):
    assert "<b>private</b>" in check("a boat --stealth")["plan"]
    assert "<b>public</b>" in check("a boat")["plan"]


def test_a_problem_comes_with_its_fix_and_without_a_plan(check):
    answer = check("a boat --stilize 9")
    assert answer["problems"][0]["fix"] == {"label": "Use --stylize", "text": "--stylize"}
    assert "Use --stylize" in answer["note"]
    assert "chip" not in answer["plan"]


def test_no_words_yet_is_no_error(check):
    answer = check("  ")
    assert (answer["marks"], answer["problems"]) == ([], [])
    assert 'imagine__note"' not in answer["note"]


def test_a_warning_is_a_note_that_does_not_refuse(check):
    answer = check("poppies--ar 2:3")
    assert answer["problems"] == []
    assert "was read as words" in answer["note"]
    assert "data-hint" in answer["note"]
    assert "data-hint" not in check("a boat --ar 19:1")["note"]
    assert "4 pictures" in answer["plan"]


def test_words_that_a_small_model_does_not_know_get_a_friendly_note(check):
    answer = check("an obsidian chandelier")
    assert "knows none of these words" in answer["note"]
    assert "data-hint" in answer["note"]
    assert f"{reverse('help')}#starter" in answer["note"]
    assert answer["problems"] == []
    assert "4 pictures" in answer["plan"]
    assert "knows none" not in check("an obsidian lighthouse")["note"]
    assert "knows none" not in check("")["note"]


def test_before_the_first_model_there_is_no_plan_and_no_crash(client, alice):
    client.force_login(alice)
    answer = client.post(reverse("prompt-check"), {"prompt": "a boat"}).json()
    assert "chip" not in answer["plan"]


def test_the_ink_holds_exactly_the_letters_of_the_field(db):
    text = "🦊 neon::2 snow  --ar 3:2\n--wat"
    assert "".join(piece for _, piece in bar(text).pieces) == text


def test_several_jobs_are_counted_and_no_problem(check):
    answer = check("a {red, blue} boat --repeat 2")
    assert answer["problems"] == []
    assert "16 pictures" in answer["plan"]


def test_what_the_model_cannot_do_is_a_problem_with_its_columns(check):
    [problem] = check("a boat --hires 4 --ar 3:1")["problems"]
    assert (problem["code"], problem["start"], problem["end"]) == ("not_with_this_model", 7, 16)


def test_a_persons_own_words_count(check, alice):
    keep_option_set(alice, "mine", "--ar 2:1")
    keep_preferences(alice, defaults="--tile")
    assert check("a boat --mine")["problems"] == []
    assert "<b>2:1</b>" in check("a boat --mine")["plan"]


def test_a_zoom_that_changes_nothing_breaks_no_check(check):
    assert check(f"image:{NOBODY} a boat --zoom 1")["problems"] == []


def test_the_line_below_tells_parts_parameters_and_tokens(check):
    said = check("a red lighthouse::2 rain::1 --chaos 10 --tile --ar 3:2")["said"]
    assert "a red lighthouse <b>2</b>" in said
    assert "rain <b>1</b>" in said
    assert 'data-param="chaos c" data-insert="--chaos 10"' in said
    assert 'data-insert="--tile" data-flag' in said
    assert "tokens <b>3 + 1</b> of " in said
    assert "--ar" not in said


def test_what_is_said_as_the_default_is_no_chip(check):
    assert "data-param" not in check("a boat --chaos 0")["said"]


def test_words_that_are_not_known_are_named_beside_those_that_are(check):
    assert "guesses <b>obsidian</b>" in check("an obsidian lighthouse")["said"]
    assert "guesses" not in check("an obsidian chandelier")["said"]


def test_what_changes_nothing_is_said_before_anything_is_made(check):
    note = check("a boat --guidance 3 --exp 10")["note"]
    assert note.count("so --exp changes nothing") == 1
    assert check("poppies--ar 2:3")["note"].count("was read as words") == 1


def test_a_style_that_is_drawn_on_submit_is_not_foretold(check):
    assert "The style was drawn" not in check("a boat --sref random")["note"]


def test_of_a_prompt_with_a_problem_nothing_more_is_said(check):
    assert check("a boat --stilize 9")["said"] == ""


def test_what_is_not_there_is_told_before_it_is_asked_for(check):
    answer = check(f"image:{NOBODY} a boat")
    assert (answer["said"], answer["problems"]) == ("", [])
    assert "There is no" in answer["note"]
    assert "sepia-glow" in check("a boat --lora sepia-glow")["note"]


def test_all_jobs_are_counted_and_waited_for(check, alice):
    finished_job(alice)
    plan = check("a {red, blue} boat --repeat 3")["plan"]
    assert "6 jobs, 24 pictures · about 6 s" in plan
    assert "1 picture " in check("a boat --sameseed 4")["plan"]


@pytest.mark.parametrize(("text", "kind"), [(f"image:{NOBODY} a boat", "image"), ("a {red, blue} boat", "choice")])
def test_images_and_choices_have_a_color_of_their_own(check, text, kind):
    assert kind in {mark["kind"] for mark in check(text)["marks"]}
    css = Path(finders.find("css/components/imagine.css")).read_text()
    assert f'mark[data-kind="{kind}"]' in css


def test_several_jobs_are_asked_about_with_their_number_and_what_they_take(check, alice):
    assert check("a boat")["confirm"] == ""
    finished_job(alice)
    confirm = check("a {red, blue} boat --repeat 2")["confirm"]
    assert "Make 4 jobs?" in confirm
    assert "16 pictures" in confirm
    assert "of the engine" in confirm
    assert "ready in about" in confirm


def test_pictures_beside_the_words_are_no_chips(check, alice):
    image = finished_job(alice).images.first()
    assert "sref" not in check(f"a boat --sref image:{image.pk}")["said"]
    assert 'data-insert="--sref 1234"' in check(f"a boat --sref image:{image.pk} 1234")["said"]


def test_the_panel_is_told_what_counts_and_what_would(check, alice):
    keep_preferences(alice, defaults="--ar 3:2")
    assert check("a boat --ar 1:1")["panel"]["ar"] == ["1:1", "3:2"]
    assert check(" --chaos 20")["panel"]["chaos"] == ["20", "0"]
    assert check("")["panel"]["ar"] == ["3:2", "3:2"]


def test_the_vocabulary_is_sent_once_until_it_changes(client, alice, checkpoint):
    client.force_login(alice)
    first = client.get(reverse("prompt-vocabulary"))
    assert {"parameters", "sets", "earlier"} == set(first.json())
    again = {"If-None-Match": first["ETag"]}
    assert client.get(reverse("prompt-vocabulary"), headers=again).status_code == HTTPStatus.NOT_MODIFIED
    keep_option_set(alice, "mine", "--ar 2:1")
    assert client.get(reverse("prompt-vocabulary"), headers=again).status_code == HTTPStatus.OK
