"""Jobs: what somebody asked for, and how far it is."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from generation.contracts import RenderPlan
from generation.errors import WRITTEN_DOWN
from generation.models.image import Level, Visibility
from mjweb.accounts.models import User
from mjweb.common.ids import uuid7
from mjweb.common.saying import say_again

ACTIVE_STATES = ("queued", "running", "finishing")


class JobState(models.TextChoices):
    """Where a job stands; `generation.jobs.states` says which moves are allowed."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    FINISHING = "finishing", _("Finishing")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    CANCELED = "canceled", _("Canceled")
    BLOCKED = "blocked", _("Blocked")


class JobKind(models.TextChoices):
    """Which button made the job."""

    IMAGINE = "imagine"
    REROLL = "reroll"
    REMIX = "remix"
    RERUN = "rerun"
    VARY = "vary"
    UPSCALE = "upscale"
    ZOOM = "zoom"
    PAN = "pan"
    SQUARE = "square"
    REGION = "region"
    EDIT = "edit"
    BLEND = "blend"


class Lane(models.TextChoices):
    """Jobs of the fast lane go before those of the relaxed lane."""

    FAST = "fast"
    RELAXED = "relaxed"


class JobQuerySet(models.QuerySet["Job"]):
    """Chainable questions about jobs."""

    def owned_by(self, user: User) -> JobQuerySet:
        """This person's own jobs: progress, prompts in the queue and cancel belong to nobody else."""
        return self.filter(owner=user)

    def active(self) -> JobQuerySet:
        """Jobs that wait or run."""
        return self.filter(state__in=ACTIVE_STATES)

    def waiting(self) -> JobQuerySet:
        """Jobs that no worker has taken yet."""
        return self.filter(state="queued")


class Job(models.Model):
    """One request for one to four pictures.

    queued ──> running ──> finishing ──> succeeded
      │  ^        │            │
      │  └────────┴────────────┘   lease expired: back to the queue, at most three attempts
      └──────> canceled, failed, blocked (from queued, running or finishing)

    A worker may write only while it holds the lease, and every write names its `attempt` (fencing).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=12, choices=JobKind, default=JobKind.IMAGINE)
    variant = models.CharField(
        max_length=12, blank=True, help_text="Which of the button's choices: subtle, 4x, left; as its own room says."
    )
    prompt = models.TextField(help_text="As it was typed.")
    plan_values = models.JSONField(help_text="The resolved RenderPlan: enough to make the same pictures again.")
    checkpoint = models.ForeignKey("generation.Checkpoint", on_delete=models.PROTECT, related_name="jobs")
    source = models.ForeignKey(
        "generation.Image", null=True, on_delete=models.SET_NULL, related_name="children",
        help_text="The picture it was made from.",
    )  # fmt: skip
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="children")
    group = models.ForeignKey(
        "generation.PromptGroup", null=True, on_delete=models.SET_NULL, related_name="jobs",
        help_text="The prompt that made several jobs; null for a job of its own.",
    )  # fmt: skip
    group_place = models.PositiveSmallIntegerField(default=0, help_text="From 0 on.")
    notes = models.JSONField(default=list, help_text="What its owner should know of how the prompt was read.")
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    level = models.PositiveSmallIntegerField(
        choices=Level,
        default=Level.EVERYBODY,
        help_text="What its pictures are at least, as the rules say of its words.",
    )
    lane = models.CharField(max_length=8, choices=Lane, default=Lane.FAST)

    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    error_sentence = models.TextField(blank=True)
    engine_ms = models.PositiveIntegerField(default=0)
    made_with = models.JSONField(default=dict, help_text="Device, precision and libraries of its worker.")

    idempotency_key = models.CharField(max_length=200, null=True)  # noqa: DJ001 - NULL keeps the unique constraint out
    request_hash = models.CharField(max_length=64, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "idempotency_key"], name="one_job_per_idempotency_key"),
            models.UniqueConstraint(
                fields=["owner", "source", "variant"],
                condition=Q(kind="upscale", state__in=["queued", "running", "finishing", "succeeded"]),
                name="one_upscale_of_a_kind_per_person_and_image",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="job_history"),
            models.Index(fields=["created_at"], condition=Q(state="queued"), name="job_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state__in=["running", "finishing"]), name="job_leases"),
            models.Index(fields=["owner", "finished_at"], name="job_recent_use"),
            BrinIndex(fields=["created_at"], name="job_days"),
            # Finds letters anywhere in a prompt, of any script, as `icontains` asks for them.
            GinIndex(OpClass(Upper("prompt"), name="gin_trgm_ops"), name="job_prompt_letters"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def plan(self) -> RenderPlan:
        """The resolved plan."""
        return RenderPlan.from_json(self.plan_values)

    @plan.setter
    def plan(self, plan: RenderPlan) -> None:
        self.plan_values = plan.to_json()

    @property
    def is_active(self) -> bool:
        """Whether something still happens to it."""
        return self.state in {JobState.QUEUED, JobState.RUNNING, JobState.FINISHING}

    @property
    def told_error(self) -> str:
        """Why it failed or was not run, in the language of whoever is answered; empty while nothing is wrong.

        Workers write down what they say in English.
        """
        return say_again(self.error_sentence, *WRITTEN_DOWN)
