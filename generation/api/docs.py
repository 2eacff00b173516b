"""The page at `/api/docs/`: the schema to read and try, from files of this server alone."""

from __future__ import annotations

from typing import Any, Final

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularSwaggerSplitView

# Swagger UI writes style elements and attributes as it draws. Scripts stay as strict as everywhere else.
STYLES_OF_SWAGGER_UI: Final = {"style-src": [SELF, UNSAFE_INLINE]}


@method_decorator(csp_update(STYLES_OF_SWAGGER_UI), name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI whose start-up script is a file of its own, so that no inline script has to be allowed."""

    title: Any = "mjweb API"
