"""Addresses below `/api/v1/`."""

from django.urls import path, re_path

from generation.api.adapters import AdaptersView
from generation.api.images import ImagesView, ImageView
from generation.api.jobs import JobActionsView, JobCancelView, JobsView, JobView
from generation.api.models import ModelsView
from generation.api.nowhere import NowhereView
from generation.api.prompts import PromptParseView

urlpatterns = [
    path("jobs", JobsView.as_view(), name="api-jobs"),
    path("jobs/<uuid:job_id>", JobView.as_view(), name="api-job"),
    path("jobs/<uuid:job_id>/cancel", JobCancelView.as_view(), name="api-job-cancel"),
    path("jobs/<uuid:job_id>/actions", JobActionsView.as_view(), name="api-job-actions"),
    path("images", ImagesView.as_view(), name="api-images"),
    path("images/<uuid:image_id>", ImageView.as_view(), name="api-image"),
    path("adapters", AdaptersView.as_view(), name="api-adapters"),
    path("models", ModelsView.as_view(), name="api-models"),
    path("prompts/parse", PromptParseView.as_view(), name="api-prompt-parse"),
    re_path(r"^.*$", NowhereView.as_view()),
]
