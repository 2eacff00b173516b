"""All addresses of the product; the only URL file that knows both product rooms."""

from django.contrib import admin
from django.urls import include, path

from generation.api.docs import DocsView, SchemaView
from mjweb.common.health import healthz
from mjweb.common.installing import manifest
from mjweb.common.language import choose_language
from mjweb.common.statics import sheet

urlpatterns = [
    path("", include("gallery.urls")),
    path("", include("generation.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("gallery.api.urls")),
    path("api/v1/", include("generation.api.urls")),  # the last: it answers for every address that is not there
    path("api/schema/", SchemaView.as_view(), name="api-schema"),
    path("api/docs/", DocsView.as_view(url_name="api-schema"), name="api-docs"),
    path("admin/", admin.site.urls),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("language/", choose_language, name="language"),
    path("site.css", sheet, name="sheet"),
    path("healthz", healthz, name="healthz"),
]
