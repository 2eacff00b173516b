"""The contact sheet of the jobs that one prompt made together."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from generation.jobs.groups import contact_sheet
from mjweb.accounts.people import person
from mjweb.common.access import member


@member
@require_safe
@never_cache
def group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """All their pictures by what the braces of the prompt varied."""
    return render(request, "generation/groups.html", {"sheet": contact_sheet(person(request), group_id)})
