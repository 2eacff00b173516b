"""Option sets, suffix and defaults by program."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db
SETS, PREFERENCES = "/api/v1/option-sets", "/api/v1/preferences"


def test_an_option_set_is_set_read_used_and_dropped(api, stranger):
    assert api.put(f"{SETS}/mine", {"value": "--ar 2:1"}).json()["value"] == "--ar 2:1"
    assert api.get(f"{SETS}/MINE").json()["name"] == "mine"
    assert [one["name"] for one in api.get(SETS).json()["results"]] == ["mine"]
    plan = api.post("/api/v1/prompts/parse", {"prompt": "a boat --mine"}).json()["plan"]
    assert plan["width"] > plan["height"]
    assert stranger.get(SETS).json()["results"] == []
    assert stranger.get(f"{SETS}/mine").status_code == 404
    assert api.put(f"{SETS}/mine", {"value": ""}).status_code == 204
    assert api.delete(f"{SETS}/mine").status_code == 404


def test_a_refused_option_set_says_where(api):
    refused = api.put(f"{SETS}/ar", {"value": "fog"})
    assert (refused.status_code, refused.json()["code"]) == (422, "option_set_refused")
    assert refused.json()["errors"][0]["field"] == "value"


def test_preferences_are_kept_one_by_one(api, stranger):
    assert api.get(PREFERENCES).json() == {"suffix": "", "defaults": ""}
    assert api.put(PREFERENCES, {"suffix": "in fog"}).json() == {"suffix": "in fog", "defaults": ""}
    assert api.put(PREFERENCES, {"defaults": "--ar 2:1"}).json() == {"suffix": "in fog", "defaults": "--ar 2:1"}
    assert stranger.get(PREFERENCES).json() == {"suffix": "", "defaults": ""}
    read = api.post("/api/v1/prompts/parse", {"prompt": "a boat"}).json()
    assert (read["parts"][0]["text"], read["aspect"]) == ("a boat in fog", "2:1")
    assert api.delete(PREFERENCES).status_code == 204
    assert api.get(PREFERENCES).json() == {"suffix": "", "defaults": ""}


def test_preferences_that_no_prompt_could_be_read_with_are_refused(api):
    refused = api.put(PREFERENCES, {"defaults": "--nothing"})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_prompt")
