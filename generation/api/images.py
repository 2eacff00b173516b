"""Finished pictures."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView, caller, requested_page
from generation.api.outputs import ImageOutput, ImagePageOutput, image_bodies
from generation.api.schema import PAGING, QUERY, answers
from generation.jobs.finding import found_images
from generation.jobs.searching import read_search
from generation.jobs.services import visible_image


class ImagesView(ApiView):
    """One's own pictures."""

    @extend_schema(
        operation_id="list_images",
        summary="My pictures",
        parameters=[QUERY, *PAGING],
        responses=answers(200, ImagePageOutput, 422),
    )
    def get(self, request: Request) -> Response:
        """Own pictures, newest first, private ones included, or those that `q` finds.

        Hidden pictures and those in the trash are found by `is:hidden` and `is:trashed`.
        """
        search = read_search(request.query_params.get("q", ""))
        page = requested_page(found_images(caller(request), search), request)
        return Response({"results": image_bodies(request, page.rows), "next_cursor": page.next_cursor})


class ImageView(ApiView):
    """One picture."""

    @extend_schema(operation_id="get_image", summary="One picture", responses=answers(200, ImageOutput, 404))
    def get(self, request: Request, image_id: UUID) -> Response:
        """An own picture, or anybody's public one."""
        return Response(image_bodies(request, [visible_image(caller(request), image_id)])[0])
