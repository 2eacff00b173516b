"""Models in the administration. They come and go by `manage.py models`, which reads their files."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from generation.jobs.checkpoints import set_default_checkpoint
from generation.models import Adapter, Checkpoint, WeightFile


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


def _line(file: WeightFile) -> str:
    return f"{file['sha256']}  {file['path']}"
