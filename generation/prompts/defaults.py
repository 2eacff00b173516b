"""Puts what a person set in their account beneath what they typed."""

from __future__ import annotations

from generation.prompts.layering import settled
from generation.prompts.traced import Layer, Piece, Traced


def with_defaults(text: str, account: str) -> str:
    """The prompt with the account's parameters that it does not say itself.

    text: one prompt, option sets and suffix included, as `expand` gives it: what it says is never overruled, even where
        it says the server's default. account: parameters alone. What it says about nothing that was typed is added at
        the end.
    """
    if not account.strip():
        return text
    added = Piece(f" {account.strip()}", len(text), len(text), Layer.ACCOUNT)
    return settled(Traced([Piece(text, 0, len(text)), added])).text.strip()
