"""Reports, decisions and appeals; for moderators, the queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from gallery.errors import CaseNotFoundError
from gallery.models import Consequence, Deed, Reason, TargetKind
from gallery.models.decision import MAX_APPEAL_CHARS, MAX_REASON_CHARS
from gallery.models.report import MAX_REPORT_CHARS
from gallery.roles import is_moderator
from gallery.selectors.moderation import Case, decisions_about, queue, target_of
from gallery.services.appealing import appeal
from gallery.services.moderating import Ruling, decide
from gallery.services.reporting import report, target_for
from generation.api.base import ApiView, StrictSerializer, caller, checked
from generation.api.schema import WITH_BODY, answers
from generation.models import Level
from mjweb.accounts.models import User


class ReportInput(StrictSerializer):
    """What is not in order."""

    kind = serializers.ChoiceField(TargetKind.choices)
    target = serializers.CharField(help_text="The id of the picture or comment, or the name of the person.")
    reason = serializers.ChoiceField(Reason.choices)
    text = serializers.CharField(required=False, allow_blank=True, max_length=MAX_REPORT_CHARS)


@extend_schema_serializer(component_name="Report")
class ReportOutput(serializers.Serializer[Any]):
    """A report as it was sent."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(TargetKind.choices)
    reason = serializers.ChoiceField(Reason.choices)
    text = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


@extend_schema_serializer(component_name="Decision")
class DecisionOutput(serializers.Serializer[Any]):
    """What moderators decided."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(TargetKind.choices)
    image = serializers.UUIDField(source="image_id", allow_null=True)
    comment = serializers.UUIDField(source="comment_id", allow_null=True)
    person = serializers.CharField(source="person.username")
    deed = serializers.ChoiceField(Deed.choices)
    level = serializers.IntegerField(allow_null=True, help_text="Of a picture, where the deed sets it.")
    consequence = serializers.ChoiceField(Consequence.choices)
    days = serializers.IntegerField(allow_null=True, help_text="Of a suspension.")
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)
    may_be_appealed = serializers.BooleanField()


@extend_schema_serializer(component_name="Decisions")
class DecisionsOutput(serializers.Serializer[Any]):
    """Decisions, newest first."""

    results = DecisionOutput(many=True)


class AppealInput(StrictSerializer):
    """What one says to a decision."""

    text = serializers.CharField(max_length=MAX_APPEAL_CHARS)


class RulingInput(StrictSerializer):
    """What a moderator decides."""

    deed = serializers.ChoiceField(Deed.choices)
    level = serializers.ChoiceField(Level.choices, required=False, help_text="For the deed `level`.")
    consequence = serializers.ChoiceField(Consequence.choices, default=Consequence.NONE)
    days = serializers.IntegerField(required=False, help_text="1 to 365, of a suspension.")
    reason = serializers.CharField(max_length=MAX_REASON_CHARS, help_text="The person reads it.")


@extend_schema_serializer(component_name="Case")
class CaseOutput(serializers.Serializer[Any]):
    """One thing that was reported, and everything said about it."""

    kind = serializers.SerializerMethodField()
    target = serializers.SerializerMethodField(help_text="An id, or the name of a person.")
    person = serializers.SerializerMethodField(help_text="Whose it is; null where they have left.")
    strikes = serializers.IntegerField(help_text="Of that person, as far as they count.")
    reports = ReportOutput(many=True)

    @extend_schema_field(serializers.ChoiceField(TargetKind.choices))
    def get_kind(self, case: Case) -> str:
        """What it is about."""
        return case.target.kind

    def get_target(self, case: Case) -> str:
        """As addresses name it."""
        return case.target.address_key

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_person(self, case: Case) -> str | None:
        """Whose it is."""
        return case.person.username if case.person else None


@extend_schema_serializer(component_name="Queue")
class QueueOutput(serializers.Serializer[Any]):
    """The first cases, oldest first."""

    results = CaseOutput(many=True, source="cases")
    waiting = serializers.IntegerField(help_text="Reports that nobody has decided about.")
    appeals = serializers.IntegerField(help_text="Appeals that nobody has answered.")


class ReportsView(ApiView):
    """Reporting."""

    @extend_schema(
        operation_id="report",
        summary="Report something",
        request=ReportInput,
        responses=answers(201, ReportOutput, *WITH_BODY, 404, 429),
    )
    def post(self, request: Request) -> Response:
        """A picture, a comment or a person. Once more about the same changes the reason."""
        body = checked(ReportInput, request)
        target = target_for(caller(request), body["kind"], body["target"])
        made = report(caller(request), target, body["reason"], body.get("text", ""))
        return Response(ReportOutput(made).data, status=status.HTTP_201_CREATED)


class DecisionsView(ApiView):
    """Decisions about oneself."""

    @extend_schema(operation_id="list_decisions", summary="Decisions about me", responses=answers(200, DecisionsOutput))
    def get(self, request: Request) -> Response:
        """What moderators decided about one's own things, as far as it takes something away."""
        return Response(DecisionsOutput({"results": decisions_about(caller(request))}).data)


class AppealView(ApiView):
    """An appeal."""

    @extend_schema(
        operation_id="appeal",
        summary="Appeal",
        request=AppealInput,
        responses=answers(201, DecisionOutput, *WITH_BODY, 404, 409),
    )
    def post(self, request: Request, decision_id: UUID) -> Response:
        """Once, against a decision about oneself."""
        made = appeal(caller(request), decision_id, checked(AppealInput, request)["text"])
        return Response(DecisionOutput(made.decision).data, status=status.HTTP_201_CREATED)


class QueueView(ApiView):
    """The moderators' queue."""

    @extend_schema(operation_id="list_cases", summary="The queue", responses=answers(200, QueueOutput, 404))
    def get(self, request: Request) -> Response:
        """What waits, oldest first; for other people there is none."""
        _moderator(request)
        return Response(QueueOutput(queue()).data)


class DecideView(ApiView):
    """Deciding."""

    @extend_schema(
        operation_id="decide",
        summary="Decide",
        request=RulingInput,
        responses=answers(201, DecisionOutput, *WITH_BODY, 404),
    )
    def post(self, request: Request, kind: str, key: str) -> Response:
        """Does what the ruling says, and closes every report about the thing."""
        moderator = _moderator(request)
        target = target_of(kind, key)
        decision = decide(moderator, target, Ruling(**checked(RulingInput, request)))
        return Response(DecisionOutput(decision).data, status=status.HTTP_201_CREATED)


def _moderator(request: Request) -> User:
    """Whoever asks, who must keep order.

    Raises:
        CaseNotFoundError: they do not.
    """
    if not is_moderator(caller(request)):
        raise CaseNotFoundError(_("There is no such thing."))
    return caller(request)
