"""Addresses below `/api/v1/`."""

from django.urls import path, re_path

from generation.api.acting import BlendsView, ImageActionsView
from generation.api.adapters import AdaptersView
from generation.api.collections import (
    CollectionsView,
    CollectionView,
    OrganizeView,
    SavedSearchesView,
    SavedSearchView,
)
from generation.api.edits import ImageEditView
from generation.api.images import ImagesView, ImageView
from generation.api.jobs import JobActionsView, JobCancelView, JobsView, JobView
from generation.api.lanes import LanesView
from generation.api.models import ModelsView
from generation.api.nowhere import NowhereView
from generation.api.preferences import OptionSetsView, OptionSetView, PreferencesView
from generation.api.prompts import PromptParseView
from generation.api.questions import ImageDescribeView, PromptShortenView
from generation.api.uploads import UploadsView, UploadView

urlpatterns = [
    path("jobs", JobsView.as_view(), name="api-jobs"),
    path("jobs/<uuid:job_id>", JobView.as_view(), name="api-job"),
    path("jobs/<uuid:job_id>/cancel", JobCancelView.as_view(), name="api-job-cancel"),
    path("jobs/<uuid:job_id>/actions", JobActionsView.as_view(), name="api-job-actions"),
    path("images", ImagesView.as_view(), name="api-images"),
    path("images/organize", OrganizeView.as_view(), name="api-organize"),
    path("images/<uuid:image_id>", ImageView.as_view(), name="api-image"),
    path("images/<uuid:image_id>/edit", ImageEditView.as_view(), name="api-image-edit"),
    path("images/<uuid:image_id>/actions", ImageActionsView.as_view(), name="api-image-actions"),
    path("blends", BlendsView.as_view(), name="api-blends"),
    path("collections", CollectionsView.as_view(), name="api-collections"),
    path("collections/<uuid:collection_id>", CollectionView.as_view(), name="api-collection"),
    path("saved-searches", SavedSearchesView.as_view(), name="api-saved-searches"),
    path("saved-searches/<uuid:search_id>", SavedSearchView.as_view(), name="api-saved-search"),
    path("adapters", AdaptersView.as_view(), name="api-adapters"),
    path("lanes", LanesView.as_view(), name="api-lanes"),
    path("models", ModelsView.as_view(), name="api-models"),
    path("option-sets", OptionSetsView.as_view(), name="api-option-sets"),
    path("option-sets/<str:name>", OptionSetView.as_view(), name="api-option-set"),
    path("preferences", PreferencesView.as_view(), name="api-preferences"),
    path("images/<uuid:image_id>/describe", ImageDescribeView.as_view(), name="api-image-describe"),
    path("prompts/parse", PromptParseView.as_view(), name="api-prompt-parse"),
    path("prompts/shorten", PromptShortenView.as_view(), name="api-prompt-shorten"),
    path("uploads", UploadsView.as_view(), name="api-uploads"),
    path("uploads/<uuid:upload_id>", UploadView.as_view(), name="api-upload"),
    re_path(r"^.*$", NowhereView.as_view()),
]
