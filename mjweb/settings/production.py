"""Behind a TLS proxy. Refuses to start without a real secret key."""

from django.core.exceptions import ImproperlyConfigured

from mjweb.settings.base import *

if len(SECRET_KEY) < 50:  # noqa: PLR2004 - Django's own measure of a strong key
    msg = "MJWEB_SECRET_KEY must be set to at least 50 random characters."
    raise ImproperlyConfigured(msg)

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
STORAGES["staticfiles"] = {"BACKEND": "mjweb.common.statics.HashedFiles"}
