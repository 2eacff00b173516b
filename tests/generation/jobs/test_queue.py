"""Whoever makes a job wakes the workers of this product, from whatever program."""

import subprocess
import sys

from django.conf import settings

from generation.jobs import queue

ASK = "import django; django.setup(); from generation.jobs import queue; print(queue.app.conf.broker_url)"


def test_a_program_that_has_loaded_no_celery_asks_the_right_server():
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == settings.CELERY_BROKER_URL


def test_a_broker_that_is_away_loses_no_request(monkeypatch, caplog):
    def refuse(*_, **__):
        raise ConnectionError("refused")

    monkeypatch.setattr(queue.app, "send_task", refuse)
    queue.wake_engines()
    assert "were not woken: refused" in caplog.text
