"""One address that says whether this web process can do its work."""

from django.db import connection
from django.http import HttpRequest, JsonResponse

from mjweb.common.access import public


@public
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the signature of a view
    """200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
