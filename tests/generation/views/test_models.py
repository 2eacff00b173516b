"""The choice of a model on the Create page."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from django.urls import reverse

from generation.jobs.checkpoints import add_checkpoint, remove_checkpoint
from generation.jobs.choosing import choose_checkpoint
from generation.models import Job, Worker
from tests.factories import finished_job, queued_job
from tests.generation.model_folders import write_model_folder

CHOOSE = "/create/model/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def signed_in(client, alice, checkpoint):
    client.force_login(alice)
    return client


@pytest.fixture
def dreams(checkpoint, tmp_path):
    return add_checkpoint(str(write_model_folder(tmp_path / "dreams")), title="Dreams <of> a boat")


def page(client, **query) -> str:
    return client.get(reverse("create"), query).text


def shown(text: str) -> list[str]:
    """The names that the choice shows as chosen."""
    return re.findall(r'<option [^>]*value="([^"]+)" selected>', text)


def test_with_one_model_there_is_nothing_to_choose(signed_in):
    assert 'id="model"' not in page(signed_in)


def test_with_several_the_choice_has_a_label_and_every_title(signed_in, dreams):
    text = page(signed_in)
    assert re.search(r'<label [^>]*><span class="sr">Model</span><select [^>]*name="model"', text)
    assert "Dreams &lt;of&gt; a boat</option>" in text
    assert shown(text) == ["starter"]
    assert 'id="model"' not in re.sub(r'(?s)<label class="choice">.*?</label>', "", text)


def test_what_was_chosen_is_remembered_on_the_account(signed_in, dreams, bob, client):
    answer = signed_in.post(CHOOSE, {"model": "dreams"}, headers=HTMX)
    assert (answer.status_code, answer.content) == (HTTPStatus.NO_CONTENT, b"")
    assert shown(page(signed_in)) == ["dreams"]
    signed_in.post("/jobs/", {"prompt": "a boat"}, headers=HTMX)
    assert Job.objects.get().checkpoint == dreams
    client.force_login(bob)
    assert shown(page(client)) == ["starter"]


def test_an_unknown_choice_is_refused_and_changes_nothing(signed_in, dreams):
    answer = signed_in.post(CHOOSE, {"model": "dreems"}, headers=HTMX)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "the nearest is dreams" in answer.text
    assert shown(page(signed_in)) == ["starter"]


def test_the_form_says_the_model_without_script_too(signed_in, alice, dreams):
    signed_in.post("/jobs/", {"prompt": "a boat", "model": "dreams"})
    assert Job.objects.get().checkpoint == dreams


def test_a_refused_prompt_keeps_the_choice(signed_in, dreams):
    answer = signed_in.post("/jobs/", {"prompt": "a boat --ar 19:1", "model": "dreams"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert shown(answer.text) == ["dreams"]


def test_a_model_that_went_away_meanwhile_is_a_note(signed_in, dreams):
    remove_checkpoint("dreams")
    answer = signed_in.post("/jobs/", {"prompt": "a boat", "model": "dreams"}, headers=HTMX)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "dreams is no model of this server; the nearest is starter." in answer.text


def test_the_plan_follows_the_choice_and_the_words_win(signed_in, dreams):
    def check(text: str, **fields) -> dict:
        return signed_in.post("/prompts/check/", {"prompt": text, **fields}).json()

    assert "data-model" not in check("an obsidian chandelier", model="dreams")["plan"]
    assert "knows none" not in check("an obsidian chandelier", model="dreams")["note"]
    assert "knows none" in check("an obsidian chandelier", model="starter")["note"]
    assert 'data-model="dreams"' in check("a boat --m Dreams", model="starter")["plan"]
    unknown = check("a boat --m dreems")
    assert unknown["problems"][0]["fix"] == {"label": "Use dreams", "text": "dreams"}
    assert "the nearest is dreams" in unknown["note"]


def test_a_prompt_that_names_its_model_lets_the_choice_rest(signed_in, dreams):
    text = page(signed_in, prompt="a boat --model dreams")
    assert shown(text) == ["dreams"]
    assert re.search("<select [^>]* disabled>", text)
    assert 'data-chosen="starter"' in text
    assert " disabled>" not in page(signed_in, prompt="a boat")


def test_a_card_names_a_model_that_is_not_the_default(signed_in, alice, dreams):
    queued_job(alice, model="dreams")
    assert '<span class="param">Dreams &lt;of&gt; a boat</span>' in page(signed_in)
    Job.objects.all().delete()
    queued_job(alice, "a boat --model dreams")
    text = page(signed_in)
    assert '<span class="param">model dreams</span>' in text
    assert '<span class="param">Dreams' not in text


def test_a_card_says_that_no_worker_serves_its_model(signed_in, alice, dreams):
    queued_job(alice, model="dreams")
    assert "No worker serves dreams at the moment; it waits." in page(signed_in)
    Worker.objects.update(serves=["starter", "dreams"])
    text = page(signed_in)
    assert "No worker serves" not in text
    assert "Next in line" in text


def test_a_picture_of_a_removed_model_is_not_offered_to_be_upscaled(signed_in, alice, dreams):
    image = finished_job(alice, model="dreams").images.first()
    assert reverse("image-upscale", args=[image.pk]) in page(signed_in)
    remove_checkpoint("dreams")
    assert reverse("image-upscale", args=[image.pk]) not in page(signed_in)


def test_help_names_the_models_that_there_are(client, dreams):
    text = client.get(reverse("help")).text
    assert "starter, dreams" in text
    assert "--model dreams" in text


def test_the_choice_costs_no_query_per_model(signed_in, alice, tmp_path, dreams, django_assert_max_num_queries):
    choose_checkpoint(alice, "dreams")
    for n in range(3):
        add_checkpoint(str(write_model_folder(tmp_path / f"more-{n}")))
    with django_assert_max_num_queries(7):
        page(signed_in)


def test_the_settings_panel_and_the_bar_of_other_pages_offer_the_models(signed_in, alice, dreams):
    panel = signed_in.get(reverse("settings-panel")).text
    assert 'data-control="model"' in panel
    assert f'<option translate="no" value="{dreams.name}">Dreams &lt;of&gt; a boat</option>' in panel
    choose_checkpoint(alice, dreams.name)
    assert shown(signed_in.get(reverse("explore")).text) == [dreams.name]
    answer = signed_in.post(reverse("prompt-check"), {"prompt": "a boat --model starter"}).json()
    assert answer["panel"]["model"] == ["starter", dreams.name]
