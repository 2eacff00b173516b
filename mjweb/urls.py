"""All addresses of the product; the only URL file that knows both product rooms."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from generation.api.docs import DocsView
from mjweb.common.health import healthz
from mjweb.common.installing import manifest

urlpatterns = [
    path("", include("gallery.urls")),
    path("", include("generation.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("generation.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", DocsView.as_view(url_name="api-schema"), name="api-docs"),
    path("admin/", admin.site.urls),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("healthz", healthz, name="healthz"),
]
