"""Stage 1: a byte-level BPE vocabulary of the captions, in the form that CLIPTokenizer reads.

Source: Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units"; the word pattern is
CLIP's.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

from generation.starter import scenes
from generation.starter.training.folders import part_folder
from generation.starter.training.progress import say
from generation.starter.training.settings import Run
from generation.starter.training.words import END, START

WORD_END: Final = "</w>"
CLIP_WORDS: Final = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
SEED: Final = 5
MANY_CAPTIONS: Final = 20_000
"""Enough that every phrase of the world comes up."""
FEW_CAPTIONS: Final = 500


def train_tokenizer(run: Run) -> None:
    """Learn the vocabulary, or take it from the release that the run goes on from.

    Effects: writes `networks/tokenizer`, unless a resumed run has it.
    """
    folder = run.tokenizer
    if run.resume and (folder / "tokenizer.json").exists():
        return
    if run.init and (released := part_folder(run.init, "tokenizer")):
        shutil.copytree(released, folder, dirs_exist_ok=True)
        return
    texts = list(captions(FEW_CAPTIONS if run.size.name == "tiny" else MANY_CAPTIONS))
    beside = folder.with_name("tokenizer.part")
    write_tokenizer(learn_merges(texts, run.size.vocabulary), beside, run.size.tokens)
    tokenizer = CLIPTokenizer.from_pretrained(beside)
    tokenizer.save_pretrained(beside)  # adds tokenizer.json, which the renderers read
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    lengths = [len(tokenizer(text).input_ids) for text in texts[:1000]]
    say(f"tokenizer: {len(tokenizer)} pieces, {np.mean(lengths):.1f} per caption, at most {max(lengths)}")


def captions(count: int) -> Iterator[str]:
    """Captions of random scenes, held-out combinations too: their words are no secret."""
    for row in range(count):
        rng = np.random.default_rng([SEED, row])
        yield scenes.caption(scenes.sample(rng), rng)


def learn_merges(texts: list[str], pieces: int) -> list[str]:
    """The merges of a vocabulary of `pieces`, most frequent first, each as two pieces with a space between."""
    learner = Tokenizer(models.BPE(unk_token=END, end_of_word_suffix=WORD_END))
    squeezed = normalizers.Replace(Regex(r"\s+"), " ")
    learner.normalizer = normalizers.Sequence([normalizers.NFC(), squeezed, normalizers.Lowercase()])
    words = pre_tokenizers.Split(Regex(CLIP_WORDS), "removed", invert=True)
    learner.pre_tokenizer = pre_tokenizers.Sequence([words, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    trainer = trainers.BpeTrainer(
        vocab_size=pieces, initial_alphabet=_alphabet(), end_of_word_suffix=WORD_END, show_progress=False
    )
    learner.train_from_iterator(texts, trainer)
    found = json.loads(learner.to_str())["model"]["merges"]
    return [merge if isinstance(merge, str) else " ".join(merge) for merge in found]


def write_tokenizer(merges: list[str], folder: Path, length: int) -> None:
    """The folder of a CLIPTokenizer: bytes, bytes that end a word, merges, start and end, in CLIP's order.

    Effects: writes vocab.json, merges.txt and tokenizer_config.json.
    """
    alphabet = _alphabet()
    pieces = dict.fromkeys(alphabet + [letter + WORD_END for letter in alphabet])
    pieces |= dict.fromkeys(merge.replace(" ", "") for merge in merges)
    vocabulary = {piece: index for index, piece in enumerate([*pieces, START, END])}
    special = {"bos_token": START, "eos_token": END, "unk_token": END, "pad_token": END}
    config = {"tokenizer_class": "CLIPTokenizer", "model_max_length": length, **special}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")


def _alphabet() -> list[str]:
    """The 256 bytes, as byte-level BPE writes them."""
    return sorted(pre_tokenizers.ByteLevel.alphabet())
