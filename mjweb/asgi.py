"""The ASGI application: HTTP through Django, websockets through Channels. It never loads torch."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mjweb.settings.development")
django_application = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402 - needs the app registry

from generation.realtime.routing import websocket_urlpatterns  # noqa: E402
from mjweb.celery import app as celery_app  # noqa: E402 - makes ours the application that wakes workers

__all__ = ["application", "celery_app"]

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
