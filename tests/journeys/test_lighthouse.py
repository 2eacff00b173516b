"""Lighthouse on the pages where people spend their time. It takes minutes: only where it is asked for."""

from __future__ import annotations

import os

import pytest

from scripts.lighthouse import LEAST, measure, missing, pages_of
from tests.journeys.test_first_minute import finished, imagine, picture_id

pytestmark = pytest.mark.journey


@pytest.mark.timeout(900)
@pytest.mark.skipif("MJWEB_LIGHTHOUSE" not in os.environ, reason="minutes: MJWEB_LIGHTHOUSE=1 asks for it")
def test_every_page_is_quick_sound_and_for_everybody(guest, chromium, tmp_path):
    if why := missing():
        pytest.skip(f"NO LIGHTHOUSE: {why}")
    page = guest.sign_up("lightkeeper")
    image = picture_id(
        finished(imagine(page, "a red lighthouse by the sea")).locator(".sheet a").first.get_attribute("href")
    )
    pages = pages_of(guest.url, image)
    scores = list(measure(chromium, pages, guest.context.cookies(), tmp_path))
    assert [score for score in scores if min(score.points) < LEAST] == []
