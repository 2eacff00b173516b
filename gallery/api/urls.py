"""Addresses of this room below `/api/v1/`."""

from django.urls import path

from gallery.api.comments import CommentsView, CommentView
from gallery.api.moderation import AppealView, DecideView, DecisionsView, QueueView, ReportsView
from gallery.api.people import (
    BlockView,
    FollowView,
    MuteView,
    NotificationsReadView,
    NotificationsView,
    PersonView,
)
from gallery.api.publications import LikeView, PublicationsView, PublicationView
from gallery.api.search import SearchView

urlpatterns = [
    path("publications", PublicationsView.as_view(), name="api-publications"),
    path("publications/<uuid:image_id>", PublicationView.as_view(), name="api-publication"),
    path("publications/<uuid:image_id>/like", LikeView.as_view(), name="api-publication-like"),
    path("publications/<uuid:image_id>/comments", CommentsView.as_view(), name="api-comments"),
    path("publications/<uuid:image_id>/comments/<uuid:comment_id>", CommentView.as_view(), name="api-comment"),
    path("people/<str:username>", PersonView.as_view(), name="api-person"),
    path("people/<str:username>/follow", FollowView.as_view(), name="api-person-follow"),
    path("people/<str:username>/mute", MuteView.as_view(), name="api-person-mute"),
    path("people/<str:username>/block", BlockView.as_view(), name="api-person-block"),
    path("notifications", NotificationsView.as_view(), name="api-notifications"),
    path("notifications/read", NotificationsReadView.as_view(), name="api-notifications-read"),
    path("reports", ReportsView.as_view(), name="api-reports"),
    path("decisions", DecisionsView.as_view(), name="api-decisions"),
    path("decisions/<uuid:decision_id>/appeal", AppealView.as_view(), name="api-appeal"),
    path("moderation/queue", QueueView.as_view(), name="api-moderation-queue"),
    path("moderation/<str:kind>/<str:key>", DecideView.as_view(), name="api-moderation-decide"),
    path("search", SearchView.as_view(), name="api-search"),
]
