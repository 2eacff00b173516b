"""Texts of any length, with real tokenizers and text encoders."""

import pytest
import torch

from generation.engine.families.base import TextTooLongError
from generation.engine.families.embedding_cache import EMBEDDINGS, EmbeddingCache
from generation.engine.families.text_tower import MOST_CHUNKS, TextTower
from generation.engine.loading import load_family
from generation.starter import WEIGHTS_DIR

LONG = ", ".join(f"a red house number {n} at sunset" for n in range(24))


def load_tower(folder, embeddings: EmbeddingCache):
    """The tower of a checkpoint's folder, and what it is made of."""
    from transformers import CLIPTextModel, CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(folder / "tokenizer")
    encoder = CLIPTextModel.from_pretrained(folder / "text_encoder", torch_dtype=torch.float32).eval()
    return TextTower(tokenizer, encoder, torch.float32, embeddings), tokenizer, encoder


@pytest.fixture(scope="module")
def loaded():
    return load_tower(WEIGHTS_DIR, EmbeddingCache(2**20))


def encoded_by_the_libraries(loaded, text: str) -> torch.Tensor:
    """One length of the tower, cut where it is longer: what diffusers' pipelines do."""
    _, tokenizer, encoder = loaded
    length = encoder.config.max_position_embeddings
    tokens = tokenizer(text, padding="max_length", max_length=length, truncation=True, return_tensors="pt")
    return encoder(tokens.input_ids)[0][0]


SHORT = [
    "",
    "a",
    "a red house, at sunset; l'\u00e9t\u00e9!!",
    "x " * 75,
    "UPPER  spaces\t",
    "<|endoftext|> typed",
    "\u732b",
]


@torch.inference_mode()
@pytest.mark.parametrize("text", SHORT)
def test_a_text_that_fits_has_the_bits_that_the_libraries_give_it(loaded, text):
    assert torch.equal(loaded[0].encode(text).hidden[0], encoded_by_the_libraries(loaded, text))


@torch.inference_mode()
def test_a_long_text_is_its_chunks_end_to_end(loaded):
    tower, tokenizer, encoder = loaded
    encoded = tower.encode(LONG).hidden[0]
    count = len(encoded) // encoder.config.max_position_embeddings
    pieces = LONG.split(", ")
    sizes = [len(tokenizer(piece, add_special_tokens=False).input_ids) + 1 for piece in pieces]
    chunks = in_full_phrases(pieces, sizes, encoder.config.max_position_embeddings - 2)
    assert count == len(chunks) > 2
    assert torch.equal(encoded, torch.cat([encoded_by_the_libraries(loaded, chunk) for chunk in chunks]))


def in_full_phrases(pieces: list[str], sizes: list[int], capacity: int) -> list[str]:
    """Phrases packed into chunks, each with its comma; written another way than the tower does it."""
    chunks: list[list[str]] = [[]]
    used = 0
    for place, (piece, size) in enumerate(zip(pieces, sizes, strict=True)):
        if used + size - (place == len(pieces) - 1) > capacity:
            chunks.append([])
            used = 0
        chunks[-1].append(piece)
        used += size
    return [", ".join(chunk) + ("," if chunk is not chunks[-1] else "") for chunk in chunks]


@torch.inference_mode()
def test_nothing_at_the_end_of_a_long_text_is_cut_off(loaded):
    one, other = (loaded[0].encode(f"{LONG} {end}").hidden[0] for end in ("boat", "castle"))
    assert torch.equal(one[:-40], other[:-40])
    assert not torch.allclose(one[-40:], other[-40:])


@torch.inference_mode()
def test_a_text_of_the_most_chunks_is_encoded_and_one_word_more_is_refused(loaded):
    assert loaded[0].encode("x " * 75 * MOST_CHUNKS).hidden.shape == (1, 77 * MOST_CHUNKS, 192)
    with pytest.raises(TextTooLongError, match=r"too long .* about 600 tokens"):
        loaded[0].encode("x " * 75 * MOST_CHUNKS + "x")


@torch.inference_mode()
def test_a_tower_of_77_tokens_takes_75_of_a_text(tiny_folder):
    tower = load_tower(tiny_folder, EmbeddingCache(2**20))[0]
    assert [tower.encode("x " * words).tokens for words in (75, 76, 150, 151)] == [77, 154, 154, 231]


@torch.inference_mode()
def test_a_text_is_encoded_once_and_has_the_same_bits_when_it_was_forgotten_meanwhile():
    tower = load_tower(WEIGHTS_DIR, EmbeddingCache(3 * 77 * 192 * 4))[0]
    first = tower.encode("a red house")
    assert tower.encode("a red house") is first
    for other in ("a", "b", "c"):
        tower.encode(other)
    again = tower.encode("a red house")
    assert again is not first
    assert torch.equal(again.hidden, first.hidden)


@torch.inference_mode()
def test_a_checkpoint_loaded_anew_with_other_weights_sees_no_old_text():
    shared = EmbeddingCache(2**20)
    old, _, _ = load_tower(WEIGHTS_DIR, shared)
    new, _, encoder = load_tower(WEIGHTS_DIR, shared)
    before = old.encode("a red house")
    encoder.get_input_embeddings().weight.data *= 2
    after = new.encode("a red house")
    assert not torch.allclose(before.hidden, after.hidden)
    assert old.encode("a red house") is before
    assert new.encode("a red house") is after


@torch.inference_mode()
def test_checkpoints_of_a_process_share_one_room(tiny_folder):
    used = EMBEDDINGS.used_bytes
    family = load_family(tiny_folder, device="cpu", dtype=torch.float32)
    family.encode_text("a text that no other test has", "base")
    assert EMBEDDINGS.used_bytes - used == 77 * 32 * 4
