import gc

import torch

from generation.engine.families.base import Conditioning
from generation.engine.families.embedding_cache import EmbeddingCache, EncoderKey

KILOBYTE = 256
"""Numbers of a float32 tensor of 1 kB."""


class Encoder:
    """Counts what it is asked; each text becomes a kilobyte, or as many as it has letters."""

    def __init__(self) -> None:
        self.key = EncoderKey()
        self.asked: list[str] = []

    def __call__(self, text: str) -> Conditioning:
        self.asked.append(text)
        return Conditioning(torch.full((1, len(text) * KILOBYTE), float(len(self.asked))))

    def through(self, cache: EmbeddingCache, *texts: str) -> list[Conditioning]:
        return [cache.get(self.key, text, self) for text in texts]


def first_number(encoded: list[Conditioning]) -> float:
    return float(encoded[0].hidden[0, 0])


def test_a_text_is_encoded_once():
    cache, encoder = EmbeddingCache(10_000), Encoder()
    first, again = encoder.through(cache, "a", "a")
    assert again is first
    assert encoder.asked == ["a"]
    assert cache.used_bytes == 1024


def test_the_text_asked_for_longest_ago_goes_first():
    cache, encoder = EmbeddingCache(3 * 1024), Encoder()
    encoder.through(cache, "a", "b", "c", "a", "d")
    encoder.asked.clear()
    encoder.through(cache, "a", "c", "d")
    assert encoder.asked == []
    encoder.through(cache, "b")
    assert encoder.asked == ["b"]


def test_room_is_counted_in_bytes_and_not_in_texts():
    cache, encoder = EmbeddingCache(4 * 1024), Encoder()
    encoder.through(cache, "a", "b", "c", "long")
    assert cache.used_bytes == 4 * 1024
    encoder.asked.clear()
    encoder.through(cache, "long", "a")
    assert encoder.asked == ["a"]
    assert cache.used_bytes == 1024


def test_what_alone_is_too_large_is_given_and_not_kept_and_pushes_nothing_out():
    cache, encoder = EmbeddingCache(4 * 1024), Encoder()
    large = encoder.through(cache, "a", "large")[1]
    assert large.hidden.numel() == 5 * KILOBYTE
    encoder.through(cache, "a", "large")
    assert encoder.asked == ["a", "large", "large"]
    assert cache.used_bytes == 1024


def test_a_part_of_a_tensor_counts_as_all_that_it_keeps_alive():
    cache = EmbeddingCache(10_000)
    cache.get(EncoderKey(), "a", lambda _: Conditioning(torch.zeros(7, KILOBYTE)[:1], torch.zeros(1, KILOBYTE)))
    assert cache.used_bytes == 8 * 1024


def test_two_encoders_never_see_each_others_texts():
    cache, one, other = EmbeddingCache(10_000), Encoder(), Encoder()
    one.through(cache, "b", "a")
    assert first_number(other.through(cache, "a")) == 1.0
    assert (one.asked, other.asked) == (["b", "a"], ["a"])
    assert first_number(one.through(cache, "a")) == 2.0


def test_an_encoder_loaded_anew_at_the_address_of_an_old_one_does_not_see_its_texts():
    """A thousand times, for an address is reused at once when nothing holds the old key."""
    cache = EmbeddingCache(2 * 1024 * 1024)
    for _ in range(1000):
        assert first_number(Encoder().through(cache, "a")) == 1.0
        gc.collect(0)
    assert cache.used_bytes == 1000 * 1024
