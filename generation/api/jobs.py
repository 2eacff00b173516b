"""Jobs: imagine, follow, cancel and act on the pictures."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView, caller, checked, idempotency_key, requested_page
from generation.api.inputs import ActionInput, JobInput
from generation.api.outputs import JobOutput, JobPageOutput, SubmittedOutput, job_bodies
from generation.api.schema import IDEMPOTENCY_KEY, LOCATION, MAKES_JOB, PAGING, answers
from generation.jobs import services
from generation.models import Job
from mjweb.accounts.models import User

AGAIN: Final = {"reroll": services.reroll_job, "rerun": services.rerun_job}


class JobsView(ApiView):
    """One's own jobs."""

    @extend_schema(
        operation_id="list_jobs", summary="My jobs", parameters=PAGING, responses=answers(200, JobPageOutput, 422)
    )
    def get(self, request: Request) -> Response:
        """Own jobs, newest first, canceled ones included."""
        jobs = Job.objects.owned_by(caller(request)).prefetch_related("images")
        page = requested_page(jobs, request)
        return Response({"results": job_bodies(request, page.rows), "next_cursor": page.next_cursor})

    @extend_schema(
        operation_id="submit_job",
        summary="Imagine",
        request=JobInput,
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        responses=answers(202, SubmittedOutput, *MAKES_JOB),
    )
    def post(self, request: Request) -> Response:
        """Imagine: puts four pictures of a prompt into the queue.

        Permutations and `--repeat` make several jobs: all of them come in or none does, and one key stands for all.
        """
        values = checked(JobInput, request)
        text = values.pop("prompt")
        jobs = services.submit_prompts(caller(request), text, **values, idempotency_key=idempotency_key(request))
        first, *others = job_bodies(request, jobs)
        return _made({**first, "jobs": [first, *others]} if others else first)


class JobView(ApiView):
    """One job."""

    @extend_schema(operation_id="get_job", summary="Follow a job", responses=answers(200, JobOutput, 404))
    def get(self, request: Request, job_id: UUID) -> Response:
        """An own job as it stands now."""
        return Response(_body(request, services.own_job(caller(request), job_id)))


class JobCancelView(ApiView):
    """The end of a job before its time."""

    @extend_schema(
        operation_id="cancel_job", summary="Cancel a job", request=None, responses=answers(200, JobOutput, 403, 404)
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        """Cancel: ends a waiting or running job at once; a finished one stays as it is."""
        return Response(_body(request, services.cancel_job(caller(request), job_id)))


class JobActionsView(ApiView):
    """What follows from a finished job."""

    @extend_schema(
        operation_id="act_on_job",
        summary="Upscale, vary, reroll, rerun",
        request=ActionInput,
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        responses=answers(202, JobOutput, *MAKES_JOB),
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        """Upscale or vary a picture, reroll the job or run it again as it was: the answer is the new job."""
        values = checked(ActionInput, request)
        key = idempotency_key(request)
        return accepted(request, _act(caller(request), job_id, values, key))


def _act(owner: User, job_id: UUID, values: dict[str, Any], key: str | None) -> Job:
    if (again := AGAIN.get(values["action"])) is not None:
        return again(owner, job_id, idempotency_key=key)
    image = services.image_of_job(owner, job_id, values["index"])
    if values["action"] == "upscale":
        return services.upscale_image(owner, image.pk, idempotency_key=key)
    return services.vary_image(owner, image.pk, strength=values.get("strength", "strong"), idempotency_key=key)


def accepted(request: Request, job: Job) -> Response:
    """The answer to whoever made a job."""
    return _made(_body(request, job))


def _made(body: dict[str, Any]) -> Response:
    return Response(body, status=status.HTTP_202_ACCEPTED, headers={"Location": body["urls"]["self"]})


def _body(request: Request, job: Job) -> dict[str, Any]:
    return job_bodies(request, [job])[0]
