"""The Celery application. Tasks carry ids at most: PostgreSQL is the truth, a message is only a wake-up."""

from celery import Celery

app = Celery("mjweb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["generation.workers", "gallery"])
