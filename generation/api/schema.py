"""What the OpenAPI schema says of every endpoint beyond its bodies: failures, headers and query parameters."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers

from mjweb.common.problems import CONTENT_TYPE


@extend_schema_serializer(component_name="Fix")
class FixOutput(serializers.Serializer[Any]):
    """Put `text` in place of the problem's columns."""

    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes declared fields off the class
    text = serializers.CharField(allow_blank=True)


@extend_schema_serializer(component_name="Note")
class NoteOutput(serializers.Serializer[Any]):
    """What a person should know of how a prompt was read."""

    code = serializers.CharField(help_text="Stable, for programs.")
    sentence = serializers.CharField(help_text="For people.")


@extend_schema_serializer(component_name="FieldError")
class FieldErrorOutput(serializers.Serializer[Any]):
    """One thing that is wrong with a request. `start`, `end` and `fix` come with problems of a prompt."""

    code = serializers.CharField(help_text="Stable, for programs.")
    sentence = serializers.CharField(help_text="For people.")
    field = serializers.CharField(allow_blank=True, help_text="Dotted name; empty for the whole body.")
    start = serializers.IntegerField(required=False, help_text="Code points into the prompt.")
    end = serializers.IntegerField(required=False, help_text="Code points into the prompt, exclusive.")
    fix = FixOutput(required=False, allow_null=True)


@extend_schema_serializer(component_name="Problem")
class ProblemOutput(serializers.Serializer[Any]):
    """RFC 9457 with a stable `code`."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="One sentence, for people.")
    errors = FieldErrorOutput(many=True, required=False)  # type: ignore[assignment]  # as above


MEANINGS: Final = {
    400: "`parse_error`: the body is not JSON.",
    401: "`not_authenticated`, `invalid_token`.",
    403: "`permission_denied`: a session without its CSRF token. Bearer tokens need none. "
    "`suspended`: you may look around and take your things along; `until` and `reason` say more.",
    404: "`job_not_found`, `image_not_found`, `upload_not_found`, `option_set_not_found`, `collection_not_found`, "
    "`saved_search_not_found`, `publication_not_found`, `comment_not_found`, "
    "`case_not_found`, `decision_not_found`: none, or not for you. "
    "`person_not_found`: nobody has this name, or one of you has blocked the other.",
    405: "`method_not_allowed`.",
    409: "`job_not_finished`, `action_not_possible`, `checkpoint_removed`: the picture's model is gone. "
    "`picture_gone`: its file is. `words_kept`: the picture is shown without its words. "
    "`decision_taken`: there is nothing more to say to it. "
    "`oneself`: that is you. `keeps_order`: a moderator can be muted, and not be blocked.",
    413: "`body_too_large`.",
    415: "`unsupported_media_type`: send `application/json`.",
    422: "`invalid_input`, `bad_prompt` with every problem and its columns under `errors`, "
    "`unknown_model`, `idempotency_mismatch`, `picture_refused`, `option_set_refused`, `too_many_words`, "
    "`collection_refused`, `comment_refused`, `report_refused`, `decision_refused`, "
    "`search_refused` with its columns under `errors`.",
    429: "`too_many_comments`: you have said ten things within a minute. `too_many_reports`: twenty within an hour. "
    "`queue_full`: too many of your jobs wait. `too_many_uploads`: you keep as many pictures as one may. "
    "`still_asking`: your last question is not answered yet.",
    503: "`checkpoint_not_ready`, `no_worker`, `not_answered`, `unavailable`: the same request will work later.",
}
ALWAYS: Final = (401, 405, 503)
WITH_BODY: Final = (400, 403, 413, 415, 422)
MAKES_JOB: Final = (*WITH_BODY, 404, 409, 429)

IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="1 to 200 printable ASCII characters. The same key and request give the same job again.",
)
LOCATION: Final = OpenApiParameter(
    "Location", OpenApiTypes.URI, OpenApiParameter.HEADER, response=[202], description="The new job."
)
QUERY: Final = OpenApiParameter(
    "q",
    OpenApiTypes.STR,
    description='A search: words of the prompt, and filters such as `kind:upscale ar:16:9 is:liked in:"winter book" '
    "after:2026-01-31 -tag:cat`; a minus turns one around.",
)
PAGING: Final = [
    OpenApiParameter("cursor", OpenApiTypes.STR, description="`next_cursor` of the page before."),
    OpenApiParameter("limit", OpenApiTypes.INT, description="1 to 100, 20 unless said."),
]


def answers(status: int, body: type[serializers.BaseSerializer[Any]] | None, *problems: int) -> dict[Any, Any]:
    """The `responses` of an endpoint: its answer, and a problem body for each of these statuses."""
    statuses = sorted({*ALWAYS, *problems})
    return {
        status: body,
        **{(code, CONTENT_TYPE): OpenApiResponse(ProblemOutput, description=MEANINGS[code]) for code in statuses},
    }
