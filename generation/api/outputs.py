"""Bodies of answers. The schema is written from the very classes that make them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request

from generation.api.schema import NoteOutput
from generation.jobs import selectors
from generation.jobs.discretion import wordless
from generation.models import Image, Job, JobKind, JobState, Visibility
from generation.models.image import RENDITION_SIDES_PX


@extend_schema_serializer(component_name="Thumbnails")
class ThumbnailsOutput(serializers.Serializer[Any]):
    """WebP renditions by the length of their long side in pixels."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """One field per rendition that is made."""
        return {str(side_px): serializers.URLField() for side_px in RENDITION_SIDES_PX}


@extend_schema_serializer(component_name="Image")
class ImageOutput(serializers.Serializer[Any]):
    """A finished picture. Its files are reached with the same token as the API."""

    id = serializers.UUIDField()
    index = serializers.IntegerField(help_text="1 to 4, in reading order.")
    url = serializers.SerializerMethodField(help_text="The lossless PNG.")
    thumbnails = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField(help_text="The page that people open.")
    width = serializers.IntegerField(source="width_px", help_text="Pixels.")
    height = serializers.IntegerField(source="height_px", help_text="Pixels.")
    seed = serializers.SerializerMethodField(help_text="Null where its owner keeps the words.")
    prompt = serializers.SerializerMethodField(help_text="As it was typed; null where its owner keeps the words.")
    visibility = serializers.ChoiceField(Visibility.choices)
    level = serializers.IntegerField(help_text="0 for everybody, 1 sensitive, 2 explicit.")
    is_withheld = serializers.SerializerMethodField(
        help_text="Whether moderators keep it from everybody but its owner."
    )
    job = serializers.SerializerMethodField(help_text="The job that made it; null for somebody else's picture.")
    created_at = serializers.DateTimeField()

    def get_is_withheld(self, image: Image) -> bool:
        """Of one's own picture; others do not see it then."""
        return image.withheld_at is not None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_seed(self, image: Image) -> int | None:
        """With the words it would make the picture again."""
        return None if image.pk in self.context.get("wordless", ()) else image.seed

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_prompt(self, image: Image) -> str | None:
        """Parameters included."""
        return None if image.pk in self.context.get("wordless", ()) else image.job.prompt

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, image: Image) -> str:
        """Absolute address of the PNG."""
        return _absolute(self, "image-original", image.pk)

    @extend_schema_field(ThumbnailsOutput)
    def get_thumbnails(self, image: Image) -> dict[str, str]:
        """Absolute addresses of the renditions."""
        return {str(side_px): _absolute(self, "image-rendition", image.pk, side_px) for side_px in RENDITION_SIDES_PX}

    @extend_schema_field(OpenApiTypes.URI)
    def get_page(self, image: Image) -> str:
        """Absolute address of the picture's page."""
        return _absolute(self, "image", image.pk)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_job(self, image: Image) -> str | None:
        """Jobs belong to their owners alone, and so do their ids."""
        return str(image.job_id) if image.owner_id == self.context["request"].user.pk else None


@extend_schema_serializer(component_name="JobUrls")
class UrlsOutput(serializers.Serializer[Any]):
    """Where to go on from a job."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`self` is no name that a class could give a field."""
        return {name: serializers.URLField() for name in ("self", "get", "cancel", "actions")}


@extend_schema_serializer(component_name="Progress")
class ProgressOutput(serializers.Serializer[Any]):
    """How far a job is."""

    step = serializers.IntegerField()
    steps = serializers.IntegerField(help_text="About how many there are, until the job runs.")
    fraction = serializers.FloatField(help_text="0 to 1.")
    position = serializers.IntegerField(allow_null=True, help_text="1 is next in line; null unless the job waits.")
    starts_in_s = serializers.IntegerField(allow_null=True, help_text="Estimate in seconds; null when unknown.")


@extend_schema_serializer(component_name="JobError")
class JobErrorOutput(serializers.Serializer[Any]):
    """Why a job has no pictures."""

    code = serializers.CharField(help_text="Stable, for programs.")
    sentence = serializers.CharField(help_text="For people.")


@extend_schema_serializer(component_name="Job")
class JobOutput(serializers.Serializer[Any]):
    """A job as its owner sees it. Poll `urls.get` until `status` is succeeded, failed, canceled or blocked."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(JobKind.choices, help_text="Which button made it.")
    variant = serializers.CharField(help_text="Which of the button's choices: `subtle`, `4x`, `left`; empty for none.")
    status = serializers.ChoiceField(JobState.choices, source="state")
    urls = serializers.SerializerMethodField()
    prompt = serializers.CharField(help_text="As it was typed.")
    model = serializers.SerializerMethodField(help_text="The name of the model that makes it.")
    visibility = serializers.ChoiceField(Visibility.choices)
    progress = serializers.SerializerMethodField()
    images = serializers.SerializerMethodField(help_text="Empty until the job has succeeded.")
    error = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField(
        help_text="Why it waits although it may be next in line, for people; null when it only waits for its turn."
    )
    notes = NoteOutput(many=True, help_text="What you should know of how the prompt was read.")
    group = serializers.UUIDField(
        source="group_id", allow_null=True, help_text="The same for all jobs of one prompt that made several."
    )
    parent_job = serializers.UUIDField(source="parent_id", allow_null=True, help_text="The job that it was made from.")
    source_image = serializers.UUIDField(
        source="source_id", allow_null=True, help_text="The picture that it varies, upscales or remixes."
    )
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(UrlsOutput)
    def get_urls(self, job: Job) -> dict[str, str]:
        """Absolute addresses of the job and of what can be done with it."""
        here = _absolute(self, "api-job", job.pk)
        return {
            "self": here,
            "get": here,
            "cancel": _absolute(self, "api-job-cancel", job.pk),
            "actions": _absolute(self, "api-job-actions", job.pk),
        }

    @extend_schema_field(ProgressOutput)
    def get_progress(self, job: Job) -> dict[str, Any]:
        """Step and place in line."""
        place, per_job_s = self.context["places"].get(job.pk), self.context["per_job_s"]
        has_turn = place and place.is_served and per_job_s
        share = job.step / job.steps if job.steps else 0
        return {
            "step": job.step,
            "steps": job.steps,
            "fraction": 1.0 if job.state == JobState.SUCCEEDED else round(min(share, 1), 4),
            "position": place.position if place else None,
            "starts_in_s": selectors.seconds_until(place.turn, per_job_s) if has_turn else None,
        }

    def get_model(self, job: Job) -> str:
        """As the plan says, so that it costs no query."""
        return selectors.checkpoint_name(job)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_note(self, job: Job) -> str | None:
        """Null unless no worker serves its model."""
        place = self.context["places"].get(job.pk)
        return selectors.waiting_sentence(job, place.is_served) or None if place else None

    @extend_schema_field(ImageOutput(many=True))
    def get_images(self, job: Job) -> list[dict[str, Any]]:
        """In reading order."""
        images = sorted(job.images.all(), key=lambda image: image.index)
        return list(ImageOutput(images, many=True, context=self.context).data)

    @extend_schema_field(JobErrorOutput(allow_null=True))
    def get_error(self, job: Job) -> dict[str, str] | None:
        """Null unless the job failed or was blocked."""
        return {"code": job.error_code, "sentence": job.told_error} if job.error_code else None


@extend_schema_serializer(component_name="Submitted")
class SubmittedOutput(JobOutput):
    """The new job; where the prompt made several, the first of them, and all of them under `jobs`."""

    jobs = JobOutput(many=True, required=False, help_text="In order; only where there are several.")


@extend_schema_serializer(component_name="JobPage")
class JobPageOutput(serializers.Serializer[Any]):
    """One's own jobs, newest first."""

    results = JobOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="The `cursor` of the next page; null on the last.")


@extend_schema_serializer(component_name="ImagePage")
class ImagePageOutput(serializers.Serializer[Any]):
    """One's own pictures, newest first."""

    results = ImageOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="The `cursor` of the next page; null on the last.")


def job_bodies(request: Request, jobs: Iterable[Job]) -> list[dict[str, Any]]:
    """The bodies of these jobs, in their order. Two more queries when any of them waits, else none."""
    jobs = list(jobs)
    places = selectors.queue_places(jobs)
    per_job_s = selectors.seconds_per_job() if places else None
    context = {"request": request, "places": places, "per_job_s": per_job_s}
    return list(JobOutput(jobs, many=True, context=context).data)


def image_bodies(request: Request, images: Iterable[Image]) -> list[dict[str, Any]]:
    """The bodies of these images, in their order. Their jobs must have been selected with them."""
    images = list(images)
    context = {"request": request, "wordless": wordless(request.user, images)}
    return list(ImageOutput(images, many=True, context=context).data)


def _absolute(serializer: serializers.Serializer[Any], name: str, *arguments: object) -> str:
    address: str = serializer.context["request"].build_absolute_uri(reverse(name, args=arguments))
    return address
