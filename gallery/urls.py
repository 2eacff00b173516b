"""Addresses of this room."""

from django.urls import path

from gallery.views import explore, images

urlpatterns = [
    path("", explore.explore, name="explore"),
    path("people/<str:username>/", explore.people, name="people"),
    path("images/<uuid:image_id>/", images.image, name="image"),
    path("images/<uuid:image_id>/publish/", images.publish, name="image-publish"),
    path("images/<uuid:image_id>/unpublish/", images.unpublish, name="image-unpublish"),
]
