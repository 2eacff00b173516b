"""Addresses of websockets."""

from django.urls import path

from generation.realtime.consumers import JobsConsumer

websocket_urlpatterns = [path("ws/", JobsConsumer.as_asgi())]
