"""Composition on top (settings, URLs, ASGI, Celery), foundation at the bottom (common, accounts); no product logic."""
