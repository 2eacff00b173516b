"""Models, jobs and workers in the administration. Models come and go by `manage.py models`, which reads their files."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from generation.jobs.checkpoints import set_default_checkpoint
from generation.jobs.services import cancel_job
from generation.models import Adapter, Checkpoint, Job, WeightFile, Worker


@admin.register(Checkpoint)
class CheckpointAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # it takes none when it runs
    """Shows every model that jobs may name, and makes one the default."""

    list_display = ("name", "title", "native_px", "megabytes", "license", "is_default", "created_at")
    ordering = ("-is_default", "name")
    actions = ("make_default",)
    fields = ("name", "title", "source", "license", "is_default", "hashes", "hashed_at", "created_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Checkpoint]:
        """Without those that were removed."""
        return super().get_queryset(request).filter(removed_at=None)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """Adding one reads gigabytes: that is a command's work."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Checkpoint | None = None) -> bool:  # noqa: ARG002
        """Finished jobs name it; `manage.py models remove` keeps them whole."""
        return False

    @admin.display(description="native size")
    def native_px(self, checkpoint: Checkpoint) -> str:
        """Side of the square that it paints best."""
        return f"{checkpoint.card.native_px} px"

    @admin.display(description="MB")
    def megabytes(self, checkpoint: Checkpoint) -> str:
        """All its weights together."""
        return f"{checkpoint.size_bytes / 1e6:,.0f}"

    @admin.display(description="weights")
    def hashes(self, checkpoint: Checkpoint) -> str:
        """Every file with its SHA-256, one per line."""
        return "\n".join(map(_line, checkpoint.weight_files))

    @admin.action(description="Make it the default model", permissions=["change"])
    def make_default(self, request: HttpRequest, queryset: QuerySet[Checkpoint]) -> None:
        """New pictures are made with it where nobody says another."""
        if queryset.count() != 1:
            self.message_user(request, "Choose one model: there is one default.", messages.ERROR)
            return
        default = set_default_checkpoint(queryset.get().name)
        self.message_user(request, f"New pictures are made with {default.name} where nobody says another.")


@admin.register(Adapter)
class AdapterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # as above
    """Shows every adapter that jobs may name. They come and go by `manage.py adapters`, which reads their files."""

    list_display = ("name", "kind", "family", "megabytes", "license", "created_at")
    list_filter = ("kind", "family")
    ordering = ("family", "name")
    fields = ("name", "kind", "family", "source", "license", "size_bytes", "sha256", "created_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Adapter]:
        """Without those that were removed."""
        return super().get_queryset(request).filter(removed_at=None)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """Adding one reads its file: that is a command's work."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Adapter | None = None) -> bool:  # noqa: ARG002
        """Finished jobs name it; `manage.py adapters remove` keeps them whole."""
        return False

    @admin.display(description="MB")
    def megabytes(self, adapter: Adapter) -> str:
        """Its file."""
        return f"{adapter.size_bytes / 1e6:,.1f}"


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # as above
    """Shows every job and what became of it; those that wait or run can be canceled."""

    list_display = ("created_at", "owner", "kind", "state", "lane", "checkpoint", "level", "engine_s", "words")
    list_filter = ("state", "kind", "lane", "level", "visibility", "created_at", "checkpoint")
    list_select_related = ("owner", "checkpoint")
    list_per_page = 50
    search_fields = ("prompt", "owner__username", "error_code")
    search_help_text = "Words of a prompt, a name, or the code of an error"
    show_full_result_count = False
    ordering = ("-created_at", "-id")
    actions = ("cancel",)
    fields = (
        "id", "owner", "kind", "variant", "prompt", "checkpoint", "visibility", "level", "lane", "state", "attempt",
        "worker", "step", "steps", "error_code", "error_sentence", "engine_ms", "made_with", "notes", "plan_values",
        "created_at", "started_at", "finished_at",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """Jobs come of prompts."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:  # noqa: ARG002
        """Its pictures would go with it: people move those to the trash, moderators withhold them."""
        return False

    @admin.display(description="engine", ordering="engine_ms")
    def engine_s(self, job: Job) -> str:
        """How long the engine worked on it."""
        return f"{job.engine_ms / 1000:.1f} s"

    @admin.display(description="prompt")
    def words(self, job: Job) -> str:
        """The beginning of it."""
        return job.prompt[:80]

    @admin.action(description="Cancel those that wait or run", permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """As their owners could; what is finished stays."""
        jobs = list(queryset.active().select_related("owner"))  # type: ignore[attr-defined]
        for job in jobs:
            cancel_job(job.owner, job.pk)
        self.message_user(request, f"{len(jobs)} canceled.")


@admin.register(Worker)
class WorkerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # as above
    """Shows the workers, alive or silent, and what they paint with. They write their rows themselves."""

    list_display = ("name", "is_alive", "alive_until", "serves")
    ordering = ("-alive_until",)
    fields = ("name", "serves", "alive_until")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """A worker comes by being started."""
        return False

    @admin.display(boolean=True, description="alive")
    def is_alive(self, worker: Worker) -> bool:
        """Whether it has spoken lately."""
        return worker.alive_until > timezone.now()


def _line(file: WeightFile) -> str:
    return f"{file['sha256']}  {file['path']}"
