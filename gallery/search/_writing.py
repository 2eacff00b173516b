"""The words of publications, for whoever looks for them: written once, for the prompt of a picture never changes.

Whether others may read a prompt is asked with every search, and not written here: nothing is to be forgotten then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection

from gallery.models import Publication
from gallery.search._marks import marks_of, quoted
from gallery.search._tokens import written_tokens
from generation.jobs.selectors import TypedPrompt, typed_prompt
from generation.models import Image, Job, JobKind

AT_ONCE: Final = 500
_WRITE: Final = """
UPDATE gallery_publication AS publication
   SET words = to_tsvector('english', new.text) || new.marks::tsvector
  FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS new(image, text, marks)
 WHERE publication.image_id = new.image
"""


def write_words(images: Iterable[Image]) -> None:
    """Makes the publications of these pictures findable by their words and facts. Safe to repeat."""
    ids = [image.pk for image in images]
    rows = [_row(image) for image in Image.everything.filter(pk__in=ids).select_related("job")]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])


def write_missing_words(limit: int = AT_ONCE) -> int:
    """Does so for those that were forgotten, whichever way they came. Returns how many there were."""
    missing = Publication.objects.filter(words=None).order_by("pk").values_list("image", flat=True)
    images = list(Image.everything.filter(pk__in=list(missing[:limit])))
    write_words(images)
    return len(images)


def _row(image: Image) -> tuple[str, str, str]:
    prompt = _prompt(image.job)
    tokens = written_tokens(prompt.words)
    marks = marks_of(image, prompt, tokens)
    return str(image.pk), " ".join(tokens), " ".join(map(quoted, marks))


def _prompt(job: Job) -> TypedPrompt:
    """A blend of pictures alone has no words, and what pages call it is none of its own."""
    words = job.kind != JobKind.BLEND
    return typed_prompt(job) if words else TypedPrompt("", ())
