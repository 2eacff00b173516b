"""Pictures, reports, decisions, rules and the trail in the administration. Every change goes through a service."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gallery.models import AuditEntry, Decision, Publication, Report, Strike, TargetKind
from gallery.services import ruling
from gallery.services.moderating import Ruling, decide
from gallery.targets import Target
from generation.models import Image, PictureLabel, Rule
from mjweb.accounts.people import person
from mjweb.common.errors import MjwebError
from mjweb.common.saying import say


class LookedAt(admin.ModelAdmin):  # type: ignore[type-arg]  # it takes none when it runs
    """A list that is searched and filtered, and whose rows are changed nowhere here."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        """They come by what people do."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """They change by what people and moderators do."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """They stay."""
        return False


@admin.register(Image)
class ImageAdmin(LookedAt):
    """Every picture, those in the trash too; what it shows is looked at in the moderators' room."""

    list_display = ("id", "owner", "visibility", "level", "withheld_at", "trashed_at", "size", "created_at", "case")
    list_filter = ("visibility", "level", "created_at", ("withheld_at", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("id__exact", "owner__username__iexact", "sha256__exact")
    search_help_text = "A whole id, the name of a person, or the hash of a file"
    ordering = ("-created_at", "-id")
    actions = ("withhold", "show_again")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:  # noqa: ARG002 - Django's signature
        """With the trash."""
        return Image.everything.order_by(*self.ordering)

    def has_order_permission(self, request: HttpRequest) -> bool:
        """Who may press the actions."""
        return request.user.has_perm("gallery.moderate")

    @admin.display(description="size")
    def size(self, image: Image) -> str:
        """In pixels."""
        return f"{image.width_px} x {image.height_px}"

    @admin.display(description="case")
    def case(self, image: Image) -> SafeString:
        """The way to the moderators' room."""
        return format_html('<a href="{}">Look</a>', reverse("moderation-case", args=["picture", image.pk]))

    @admin.action(description="Take out of everybody's sight", permissions=["order"])
    def withhold(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        """As a moderator's decision, without a consequence for the person."""
        self._decide(request, queryset, "withhold")

    @admin.action(description="Show again", permissions=["order"])
    def show_again(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        """As a moderator's decision that they are in order."""
        self._decide(request, queryset, "keep")

    def _decide(self, request: HttpRequest, images: QuerySet[Image], deed: str) -> None:
        decided = 0
        for image in images.select_related("owner"):
            try:
                reason = say("Decided by an administrator.")
                decide(person(request), Target(TargetKind.PICTURE, image), Ruling(deed=deed, reason=reason))
                decided += 1
            except MjwebError as error:
                self.message_user(request, f"{image.pk}: {error.sentence}", messages.ERROR)
        self.message_user(request, f"{decided} decided.")


@admin.register(Publication)
class PublicationAdmin(LookedAt):
    """What the gallery shows, or would show."""

    list_display = ("published_at", "author", "image", "is_listed", "level", "likes_count", "comments_count")
    list_filter = ("is_listed", "level", "shows_prompt", "published_at")
    list_select_related = ("author", "image")
    search_fields = ("author__username__iexact", "image__id__exact")
    search_help_text = "The name of a person, or the whole id of a picture"
    ordering = ("-published_at", "-id")


@admin.register(Report)
class ReportAdmin(LookedAt):
    """Every report, open or closed."""

    list_display = ("created_at", "kind", "reason", "reporter", "about", "is_closed", "text")
    list_filter = ("reason", "created_at", ("decision", admin.EmptyFieldListFilter))
    list_select_related = ("reporter", "image__owner", "comment__author", "person", "decision")
    search_fields = ("reporter__username__iexact", "text")
    ordering = ("-created_at",)

    @admin.display(description="about")
    def about(self, report: Report) -> str:
        """Whose thing it is."""
        target = Target.of(report)
        return target.person.username if target and target.person else ""

    @admin.display(boolean=True, description="closed")
    def is_closed(self, report: Report) -> bool:
        """Whether somebody has decided."""
        return report.decision_id is not None


@admin.register(Decision)
class DecisionAdmin(LookedAt):
    """Every decision; undoing one is done in the moderators' room."""

    list_display = ("created_at", "kind", "person", "deed", "level", "consequence", "days", "moderator", "undone_at")
    list_filter = ("kind", "deed", "consequence", "created_at", ("undone_at", admin.EmptyFieldListFilter))
    list_select_related = ("person", "moderator")
    search_fields = ("person__username__iexact", "moderator__username__iexact", "reason")
    ordering = ("-created_at",)


@admin.register(Strike)
class StrikeAdmin(LookedAt):
    """Every strike; it is lifted by undoing its decision."""

    list_display = ("created_at", "person", "reason", "lifted_at")
    list_filter = ("created_at", ("lifted_at", admin.EmptyFieldListFilter))
    list_select_related = ("person",)
    search_fields = ("person__username__iexact", "reason")
    ordering = ("-created_at",)


@admin.register(AuditEntry)
class AuditEntryAdmin(LookedAt):
    """The trail."""

    list_display = ("at", "actor_name", "action", "target_kind", "target_id", "person_name", "reason")
    list_filter = ("action", "target_kind", "at")
    search_fields = ("actor_name__iexact", "person_name__iexact", "target_id__exact")
    ordering = ("-at", "-id")


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # as above
    """A rule as its service takes it."""

    class Meta:
        model = Rule
        fields = ruling.FIELDS

    def clean(self) -> dict[str, Any]:
        """The values, or the service's reason against them."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                ruling.check_rule(Rule.objects.filter(pk=self.instance.pk).first() or Rule(), values)
            except MjwebError as error:
                raise forms.ValidationError(error.sentence) from error
        return values


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # as above
    """The rules of prompts. A fixed one may be widened, and stays."""

    form = RuleForm
    list_display = ("name", "action", "strikes", "is_active", "is_fixed", "language", "changed_at")
    list_filter = ("action", "is_active", "strikes", "language")
    search_fields = ("name", "patterns")

    def save_model(self, request: HttpRequest, obj: Rule, form: RuleForm, change: bool) -> None:
        """Writes the change, and its line of the trail."""
        obj.pk = ruling.keep_rule(person(request), obj.pk if change else None, form.cleaned_data).pk

    def delete_model(self, request: HttpRequest, obj: Rule) -> None:
        """Deletes it, with a line of the trail."""
        ruling.drop_rule(person(request), obj.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Rule | None = None) -> bool:
        """A fixed one stays. Several at once are not deleted here, so that none goes unseen."""
        return obj is not None and not obj.is_fixed and super().has_delete_permission(request, obj)


@admin.register(PictureLabel)
class PictureLabelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # as above
    """What finished pictures are looked at for, and from which certainty on it counts."""

    list_display = ("name", "threshold", "finding", "is_active", "changed_at")
    list_filter = ("finding", "is_active")
    told: ClassVar = ("name", "words", "threshold", "finding", "is_active")

    def save_model(self, request: HttpRequest, obj: PictureLabel, form: Any, change: bool) -> None:
        """Writes the change, and its line of the trail."""
        before = {name: form.initial.get(name) for name in self.told} if change else {}
        super().save_model(request, obj, form, change)
        after = {name: getattr(obj, name) for name in self.told}
        AuditEntry.note(person(request), "label", obj, before=before, after=after)
