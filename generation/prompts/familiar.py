"""What a model of few words makes of a prompt: a friendly word where it would have to guess everything.

Source of the words: the checkpoint's own `Vocabulary`; a model without one knows any word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generation.contracts import Vocabulary
from generation.prompts.problems import PromptProblem
from generation.prompts.spec import PromptSpec
from mjweb.common.saying import say

_WORD: Final = re.compile(r"[^\W\d_]+")
_EXAMPLES: Final = 3


def hint(text: str, spec: PromptSpec, vocabulary: Vocabulary | None) -> PromptProblem | None:
    """A note for a prompt of which the model knows no word; None where it knows one, or any, or images stand alone.

    text: as typed, which the note's columns cover.
    """
    if vocabulary is None or not spec.parts or any(word in vocabulary.words for word in words_of(spec)):
        return None
    return PromptProblem("unknown_words", _sentence(vocabulary), 0, len(text))


def words_of(spec: PromptSpec) -> Iterator[str]:
    """The words that the model is asked for, lower case, without those that it shall avoid."""
    for part in spec.parts:
        yield from _WORD.findall(part.text.lower())


def _sentence(vocabulary: Vocabulary) -> str:
    known = [words[:_EXAMPLES] for _, words in vocabulary.topics if words][:_EXAMPLES]
    examples = ", ".join(word for words in known for word in words)
    return say(
        "This model is small and knows none of these words, so it will guess. It knows words like {examples}.",
        examples=examples,
    )
