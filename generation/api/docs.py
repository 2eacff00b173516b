"""The page at `/api/docs/`: the schema to read and try, from files of this server alone."""

from __future__ import annotations

from typing import Any, Final, cast

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from django.utils.translation import override
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

# Swagger UI writes style elements and attributes as it draws. Scripts stay as strict as everywhere else.
STYLES_OF_SWAGGER_UI: Final = {"style-src": [SELF, UNSAFE_INLINE]}


class SchemaView(SpectacularAPIView):
    """The OpenAPI schema, in English for everybody: programs are written against it."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The schema as YAML or JSON."""
        with override("en"):
            return cast("Response", super().get(request, *args, **kwargs))  # type: ignore[no-untyped-call]


@method_decorator(csp_update(STYLES_OF_SWAGGER_UI), name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI whose start-up script is a file of its own, so that no inline script has to be allowed."""

    title: Any = "mjweb API"
