"""Counting tokens without a network: the same as the library that the engine reads them with."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generation.jobs import tokens
from generation.starter import WEIGHTS_DIR

TEXTS = ("", "a red boat", "It's 10:30 — a  café's <|endoftext|> boat!!", "灯塔 🌊 in fog", "x" * 400)


@pytest.fixture(scope="module")
def old_folder(tmp_path_factory):
    """CLIP's tokenizer as old checkpoints have it: two files, made of the starter's one."""
    whole = json.loads((WEIGHTS_DIR / "tokenizer" / "tokenizer.json").read_text())["model"]
    folder = tmp_path_factory.mktemp("old") / "tokenizer"
    folder.mkdir()
    (folder / "vocab.json").write_text(json.dumps(whole["vocab"]))
    pairs = [pair if isinstance(pair, str) else " ".join(pair) for pair in whole["merges"]]
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *pairs]))
    return folder


@pytest.fixture(scope="module")
def library(old_folder):
    from transformers import CLIPTokenizer

    return CLIPTokenizer.from_pretrained(old_folder)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.sampled_from(TEXTS), st.text(st.characters(exclude_categories=["Cs"]), max_size=60)))
def test_the_old_files_give_the_librarys_tokens(old_folder, library, text):
    ours = tokens._tokenizer(old_folder).encode(text, add_special_tokens=False).ids
    assert ours == library(text, add_special_tokens=False).input_ids


def test_the_one_file_gives_the_engines_tokens(card):
    from transformers import CLIPTokenizer

    library = CLIPTokenizer.from_pretrained(WEIGHTS_DIR / "tokenizer")
    checkpoint = SimpleNamespace(source=str(WEIGHTS_DIR), card=card)
    counted = tokens.count_tokens(checkpoint, TEXTS)
    assert [one.tokens for one in counted] == [len(library(text, add_special_tokens=False).input_ids) for text in TEXTS]


def test_what_is_beyond_is_the_end_of_the_text(card):
    checkpoint = SimpleNamespace(source=str(WEIGHTS_DIR), card=card)
    most = (card.max_tokens - 2) * tokens.MOST_PIECES
    fits, cut = tokens.count_tokens(checkpoint, ["boat " * most, "boat " * most + "fog"])
    assert (fits.unread, fits.pieces) == ("", tokens.MOST_PIECES)
    assert (cut.unread, cut.pieces) == ("fog", tokens.MOST_PIECES)


def test_a_model_that_lies_elsewhere_is_not_counted(card, tmp_path):
    for source in (str(tmp_path / "nowhere"), str(tmp_path)):
        assert tokens.count_tokens(SimpleNamespace(source=source, card=card), ["a"]) is None
