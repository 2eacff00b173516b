"""Addresses that the API does not have, answered as every other failure of it."""

from __future__ import annotations

from typing import Any, NoReturn

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from generation.api.base import ApiView
from mjweb.common.errors import NotFoundError
from mjweb.common.saying import say


@extend_schema(exclude=True)
class NowhereView(ApiView):
    """404 as a problem body, whatever the method and whoever asks."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002 - DRF's signature
        """Ends every request before its method is looked at.

        Raises:
            NotFoundError: always.
        """
        msg = say("There is nothing at this address. /api/docs/ shows what there is.")
        raise NotFoundError(msg)
