"""Feeds for readers, maps for search engines. All of them say what a visitor would see, whoever asks.

Where the server shows visitors nothing they exist for nobody: readers and engines do not sign in.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from functools import wraps
from typing import Any, Final, cast
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gallery.models import Publication
from gallery.selectors import Feed, author_feed, explore_feed
from gallery.selectors.people import person_named
from gallery.selectors.sharing import NOBODY, as_shared, sitemap_beginnings, sitemap_page
from mjweb.common.access import View, public
from mjweb.common.errors import NotFoundError

ENTRIES: Final = 40
A_WHILE: Final = "public, max-age=300"
A_DAY_S: Final = 86_400
ATOM: Final = "application/atom+xml; charset=utf-8"
SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGES: Final = "http://www.google.com/schemas/sitemap-image/1.1"
CLOSED: Final = ("/create/", "/my/", "/accounts/", "/api/", "/media/", "/jobs/", "/moderation/", "/notifications/")
"""What no search engine needs: other people's rooms, and files whose pages say more."""


def _for_visitors(view: View) -> View:
    """The view, where visitors may look around."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.MJWEB_ANONYMOUS_BROWSING:
            raise NotFoundError(_("This server shows its pictures to members alone."))
        return view(*args, **kwargs)

    return cast("View", guarded)


@public
@require_safe
@_for_visitors
def new(request: HttpRequest) -> HttpResponseBase:
    """The newest pictures of everybody."""
    return _atom(request, _("New pictures"), "explore", explore_feed(NOBODY, feed=Feed.NEW, size=ENTRIES).rows)


@public
@require_safe
@_for_visitors
def hot(request: HttpRequest) -> HttpResponseBase:
    """What people like at the moment."""
    return _atom(request, _("Hot pictures"), "explore", explore_feed(NOBODY, feed=Feed.HOT, size=ENTRIES).rows)


@public
@require_safe
@_for_visitors
def person(request: HttpRequest, username: str) -> HttpResponseBase:
    """The newest pictures of one person."""
    author = person_named(NOBODY, username)
    title = _("Pictures by %(name)s") % {"name": author.username}
    return _atom(request, title, "people", author_feed(NOBODY, author, size=ENTRIES).rows, author.username)


@public
@require_safe
@_for_visitors
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """The list of maps: one of the pages, and one per ten thousand pictures."""
    beginnings = cache.get_or_set("sitemap", sitemap_beginnings, A_DAY_S)
    maps = [reverse("sitemap-pages")]
    maps += [reverse("sitemap-pictures") + (f"?after={quote(one)}" if one else "") for one in beginnings or ()]
    entries = (f"<sitemap><loc>{_absolute(request, address)}</loc></sitemap>" for address in maps)
    return _xml("sitemapindex", f'xmlns="{SITEMAP}"', entries)


@public
@require_safe
@_for_visitors
def sitemap_pages(request: HttpRequest) -> HttpResponseBase:
    """The pages that are no pictures."""
    names = ("explore", "styles", "help")
    entries = (f"<url><loc>{_absolute(request, reverse(name))}</loc></url>" for name in names)
    return _xml("urlset", f'xmlns="{SITEMAP}"', entries)


@public
@require_safe
@_for_visitors
def sitemap_pictures(request: HttpRequest) -> HttpResponseBase:
    """Ten thousand pictures, the oldest first, those after `after`: no map changes but the last."""
    rows = sitemap_page(request.GET.get("after"))
    entries = (_mapped(request, publication) for publication in rows)
    return _xml("urlset", f'xmlns="{SITEMAP}" xmlns:image="{IMAGES}"', entries)


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may look at."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {_absolute(request, reverse('sitemap'))}"]
    if not settings.MJWEB_ANONYMOUS_BROWSING:
        lines = ["User-agent: *", "Disallow: /"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def _atom(
    request: HttpRequest, title: str, page: str, rows: Iterable[Publication], *arguments: str
) -> HttpResponseBase:
    feed = Atom1Feed(
        title=f"{title} · mjweb",
        link=_absolute(request, reverse(page, args=arguments)),
        description=None,
        language=get_language(),
        feed_url=_absolute(request, request.path),
    )
    for publication in rows:
        _add(feed, request, publication)
    content = feed.writeString("utf-8")
    etag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(content, content_type=ATOM)
    response["ETag"], response["Cache-Control"] = etag, A_WHILE
    return response


def _add(feed: Atom1Feed, request: HttpRequest, publication: Publication) -> None:
    """The entry of one picture, whole: readers show it without asking again."""
    shared = as_shared(publication.image)
    address = _absolute(request, reverse("image", args=[publication.image_id]))
    preview = _absolute(request, reverse("image-preview", args=[publication.image_id]))
    width, height = shared.preview_size
    title = _writable(shared.short_title)
    picture = '<p><a href="{}"><img src="{}" width="{}" height="{}" alt="{}"></a></p><p>{}</p>'
    feed.add_item(
        title=title,
        link=address,
        description=format_html(picture, address, preview, width, height, title, _writable(shared.title)),
        unique_id=f"urn:uuid:{publication.pk}",
        pubdate=publication.published_at,
        updateddate=publication.published_at,
        author_name=shared.author,
        author_link=_absolute(request, reverse("people", args=[shared.author])),
        enclosures=[Enclosure(preview, "0", "image/jpeg")],
    )


def _mapped(request: HttpRequest, publication: Publication) -> str:
    page = _absolute(request, reverse("image", args=[publication.image_id]))
    preview = _absolute(request, reverse("image-preview", args=[publication.image_id]))
    return (
        f"<url><loc>{page}</loc><lastmod>{publication.published_at.isoformat()}</lastmod>"
        f"<image:image><image:loc>{preview}</image:loc></image:image></url>"
    )


def _xml(root: str, attributes: str, entries: Iterable[str]) -> HttpResponse:
    text = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f"<{root} {attributes}>", *entries, f"</{root}>", ""])
    response = HttpResponse(text, content_type="application/xml; charset=utf-8")
    response["Cache-Control"] = A_WHILE
    return response


def _absolute(request: HttpRequest, address: str) -> str:
    return escape(request.build_absolute_uri(address))


def _writable(text: str) -> str:
    """Without the letters that XML has no way to write."""
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"})
