"""Comments in templates: `{% load comments %}`."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gallery.mentions import Piece, pieces
from gallery.models import Comment

register = template.Library()


@register.filter
def words_of(comment: Comment) -> SafeString:
    """What a comment says, with links; `mentioned` should be fetched with it. Line breaks are the stylesheet's."""
    names = {person.username.lower(): person.username for person in comment.mentioned.all()}
    return format_html_join("", "{}", ((_shown(piece, names),) for piece in pieces(comment.text, names)))


def _shown(piece: Piece, names: dict[str, str]) -> str:
    if piece.kind == "link":
        return format_html('<a href="{}" rel="ugc nofollow noopener">{}</a>', piece.value, piece.text)
    if piece.kind == "person":
        return format_html('<a href="{}">{}</a>', reverse("people", args=[names[piece.value]]), piece.text)
    return piece.text
