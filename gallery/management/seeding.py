"""A made-up gallery, written by the database itself: a million pictures take minutes instead of hours.

Triggers and foreign keys are off meanwhile; what they would keep true is written beside: `is_listed`, likes, styles.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from PIL import Image as Pillow

from gallery.management.seed_words import FIRST_NAMES, LAST_NAMES, LOOKS, PLACES, RATIOS, THINGS
from generation.contracts import PromptPart, RenderPlan, Stage
from generation.jobs.examples import FOLDER, all_looks
from generation.jobs.glimpses import glimpse_of
from generation.models import Checkpoint, Image, Job, JobState
from generation.models.image import RENDITION_SIDES_PX
from mjweb.accounts.models import User
from mjweb.accounts.names import skeleton

TABLES: Final = ("generation_job", "generation_image", "generation_like", "gallery_publication", "accounts_user")
SAMPLES_PER_RATIO: Final = 8
SAMPLE_SIDE_PX: Final = 256
ENCODER: Final = "seeded"
DIMENSIONS: Final = 192
CLUSTERS: Final = 200

# Ids begin with their time, as those of the product do.
FUNCTIONS: Final = """
CREATE OR REPLACE FUNCTION pg_temp.seed_id(at timestamptz, salt text) RETURNS uuid LANGUAGE sql AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(salt), 1, 3)
        || '8' || substr(md5(salt), 4, 15))::uuid $$;
CREATE OR REPLACE FUNCTION pg_temp.seed_pick(words text[]) RETURNS text LANGUAGE sql AS $$
    SELECT words[1 + floor(random() * cardinality(words))::int] $$;
"""
JOBS: Final = """
CREATE TEMP TABLE seed_job AS
SELECT pg_temp.seed_id(at, 'job' || n) AS id, at, style, ratio, author_id,
    thing || ' ' || place || ', ' || look || ' --ar ' || (%(ratios)s::text[])[ratio]
        || CASE style WHEN '' THEN '' ELSE ' --style ' || style END AS prompt
FROM (
    SELECT n, now() - interval '730 days' * power(random(), 1.3) AS at,
        1 + floor(random() * cardinality(%(ratios)s::text[]))::int AS ratio,
        (%(people)s::bigint[])[1 + floor(power(random(), 2.5) * cardinality(%(people)s::bigint[]))::int] AS author_id,
        CASE WHEN random() < 0.15 THEN pg_temp.seed_pick(%(styles)s) ELSE '' END AS style,
        pg_temp.seed_pick(%(things)s) AS thing, pg_temp.seed_pick(%(places)s) AS place,
        pg_temp.seed_pick(%(looks)s) AS look
    FROM generate_series(1, %(jobs)s) AS n
) AS made ORDER BY at;
INSERT INTO generation_job SELECT filled.* FROM seed_job s
    CROSS JOIN (SELECT * FROM generation_job WHERE id = %(job)s) AS pattern
    CROSS JOIN LATERAL jsonb_populate_record(pattern::generation_job, jsonb_build_object(
        'id', s.id, 'owner_id', s.author_id, 'prompt', s.prompt,
        'created_at', s.at, 'started_at', s.at, 'finished_at', s.at)) AS filled;
"""
# Likes follow a power law: more than half have none, a few nearly everybody's.
IMAGES: Final = """
CREATE TEMP TABLE seed_image AS
SELECT pg_temp.seed_id(s.at, s.id::text || place) AS id, s.id AS job_id, s.author_id, s.style, place,
    s.at + place * interval '1 millisecond' AS at, sample.*,
    least(%(most_likes)s, floor(power(1 - random(), -0.8)))::int - 1 AS likes, (random() * 1e9)::int AS salt
FROM seed_job s CROSS JOIN generate_series(1, 4) AS place
    JOIN unnest(
        %(samples)s::text[], %(sizes)s::int[], %(widths)s::int[], %(heights)s::int[], %(glimpses)s::text[]
    ) WITH ORDINALITY AS sample(sha256, size_bytes, width_px, height_px, glimpse, number)
    ON sample.number = (s.ratio - 1) * %(per_ratio)s + 1 + (hashtext(s.id::text || place) & 1023) %% %(per_ratio)s
ORDER BY s.at, place LIMIT %(publications)s;
INSERT INTO generation_image SELECT filled.* FROM seed_image s
    CROSS JOIN (SELECT * FROM generation_image WHERE id = %(image)s) AS pattern
    CROSS JOIN LATERAL jsonb_populate_record(pattern::generation_image, jsonb_build_object(
        'id', s.id, 'job_id', s.job_id, 'owner_id', s.author_id, 'index', s.place, 'seed', s.salt,
        'width_px', s.width_px, 'height_px', s.height_px, 'sha256', s.sha256, 'size_bytes', s.size_bytes,
        'glimpse', s.glimpse, 'created_at', s.at)) AS filled;
INSERT INTO generation_like (person_id, image_id, created_at)
SELECT (%(people)s::bigint[])[1 + (s.salt + n) %% cardinality(%(people)s::bigint[])], s.id,
    s.at + (now() - s.at) * power(random(), 3)
FROM seed_image s CROSS JOIN LATERAL generate_series(1, s.likes) AS n;
INSERT INTO gallery_publication
    (id, image_id, author_id, published_at, is_listed, level, likes_count, style, recency)
SELECT pg_temp.seed_id(s.at, s.id::text), s.id, s.author_id, s.at, true, 0, s.likes, s.style,
    CASE WHEN s.at > now() - interval '1 day' THEN 3 WHEN s.at > now() - interval '7 days' THEN 2
        WHEN s.at > now() - interval '30 days' THEN 1 ELSE 0 END
FROM seed_image s;
"""
# Clusters on the sphere, as pictures of the same thing are: a middle of length 1, and noise of about half of that.
EMBEDDINGS: Final = """
CREATE TEMP TABLE seed_cluster AS
SELECT c, array(SELECT random() - 0.5 + c * 0 FROM generate_series(1, %(dimensions)s))::real[]::vector AS middle
FROM generate_series(0, %(clusters)s - 1) AS c;
INSERT INTO generation_embedding (image_id, encoder, direction, prompt_score)
SELECT s.id, %(encoder)s, l2_normalize(l2_normalize(cluster.middle) + noise.vector)::halfvec, 0.3
FROM seed_image s JOIN seed_cluster cluster ON cluster.c = s.salt %% %(clusters)s
    CROSS JOIN LATERAL (SELECT array(
        SELECT (random() - 0.5) * 0.12 + s.salt * 0 FROM generate_series(1, %(dimensions)s)
    )::real[]::vector) AS noise(vector);
"""


class NoCheckpointError(Exception):
    """There is no model whose pictures they could be."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made."""

    publications: int
    people: int
    likes: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture that many rows show, so that a seeded gallery can be looked at."""

    sha256: str
    size_bytes: int
    width_px: int
    height_px: int
    glimpse: str


def seed_gallery(publications: int, *, people: int, embeddings: bool = False) -> Seeded:
    """Fills the gallery in one transaction; needs a superuser of PostgreSQL, as `make run` is.

    Raises:
        NoCheckpointError: no model is registered.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        authors = [user.pk for user in _people(people)]
        job, image = _patterns(authors[0])
        samples = [_keep_sample(number) for number in range(len(RATIOS) * SAMPLES_PER_RATIO)]
        values = _values(publications, authors, samples, job, image)
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statements in (FUNCTIONS, JOBS, IMAGES, *([EMBEDDINGS] if embeddings else [])):
            for statement in _apart(statements):
                cursor.execute(statement, values)
        cursor.execute("SELECT count(*), sum(likes) FROM seed_image")
        made, likes = cursor.fetchone()
        cursor.execute("DROP TABLE IF EXISTS seed_job, seed_image, seed_cluster")
        cursor.execute("SET LOCAL session_replication_role = origin")
        job.delete()
    return Seeded(made, len(authors), int(likes or 0))


def tidy() -> None:
    """Does at once what the database does by itself within minutes; until then queries are slow. In no transaction."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _apart(statements: str) -> list[str]:
    """One statement each; the bodies of functions have no empty line and end with $$;."""
    return [f"{one};" for one in statements.strip().removesuffix(";").split(";\n") if one.strip()]


def _values(publications: int, authors: list[int], samples: list[Sample], job: Job, image: Image) -> dict[str, Any]:
    return {
        "publications": publications,
        "jobs": (publications + 3) // 4,
        "people": authors,
        "most_likes": len(authors),
        "ratios": [f"{across}:{down}" for across, down in RATIOS],
        "styles": [look.preset.name for look in all_looks()],
        "things": list(THINGS),
        "places": list(PLACES),
        "looks": list(LOOKS),
        "samples": [sample.sha256 for sample in samples],
        "sizes": [sample.size_bytes for sample in samples],
        "widths": [sample.width_px for sample in samples],
        "heights": [sample.height_px for sample in samples],
        "glimpses": [sample.glimpse for sample in samples],
        "per_ratio": SAMPLES_PER_RATIO,
        "job": job.pk,
        "image": image.pk,
        "encoder": ENCODER,
        "dimensions": DIMENSIONS,
        "clusters": CLUSTERS,
    }


def _people(count: int) -> list[User]:
    """As many people, whose names nobody has, without a password."""
    names = [f"{first}_{last}" for first, last in product(FIRST_NAMES, LAST_NAMES)]
    taken = set(User.objects.filter(looks__in=map(skeleton, names)).values_list("looks", flat=True))
    free = [name for name in names if skeleton(name) not in taken][:count]
    return User.objects.bulk_create(
        User(username=name, looks=skeleton(name), password=make_password(None)) for name in free
    )


def _patterns(author: int) -> tuple[Job, Image]:
    """A job and a picture whose columns all others have where they say nothing else."""
    checkpoint = Checkpoint.objects.filter(removed_at=None).order_by("-is_default").first()
    if checkpoint is None:
        msg = "No model is registered here. Start the server once, or run manage.py models add."
        raise NoCheckpointError(msg)
    plan = RenderPlan(
        checkpoint=checkpoint.name,
        parts=(PromptPart("a picture that nobody made"),),
        guidance=4.0,
        sampler="dpmpp_2m",
        seeds=(1, 2, 3, 4),
        stages=(Stage(width_px=SAMPLE_SIDE_PX, height_px=SAMPLE_SIDE_PX, steps=20),),
    )
    job = Job.objects.create(
        owner_id=author, prompt="", plan_values=plan.to_json(), checkpoint=checkpoint, state=JobState.SUCCEEDED
    )
    image = Image.objects.create(
        job=job, owner_id=author, index=1, seed=1, width_px=1, height_px=1, sha256="", size_bytes=0
    )
    return job, image


def _keep_sample(number: int) -> Sample:
    """One of the example pictures of the help page in one of the ratios, with its renditions, in the media folder."""
    files = sorted(FOLDER.glob("style-*.webp"))
    across, down = RATIOS[number // SAMPLES_PER_RATIO]
    with Pillow.open(files[number * 7 % len(files)]) as opened:
        picture = _cropped(opened.convert("RGB"), across / down)
    content = _encoded(picture, "PNG")
    image = Image(sha256=hashlib.sha256(content).hexdigest())
    default_storage.save(image.original_name, ContentFile(content))
    for side_px in RENDITION_SIDES_PX:
        small = picture.copy()
        small.thumbnail((side_px, side_px))
        default_storage.save(image.rendition_name(side_px), ContentFile(_encoded(small, "WEBP")))
    return Sample(image.sha256, len(content), *picture.size, glimpse_of(content))


def _cropped(picture: Pillow.Image, ratio: float) -> Pillow.Image:
    """Its middle, in this ratio of width to height."""
    width, height = min(picture.width, picture.height * ratio), min(picture.height, picture.width / ratio)
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    return picture.crop((round(left), round(top), round(left + width), round(top + height)))


def _encoded(picture: Pillow.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form)
    return buffer.getvalue()
