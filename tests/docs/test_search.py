"""What docs/search.md tells of the language."""

from generation.jobs.search_keys import KEYS, STATES
from mjweb.local.paths import REPOSITORY

PAGE = (REPOSITORY / "docs" / "search.md").read_text(encoding="utf-8")


def test_every_filter_and_state_is_there():
    for name in KEYS:
        assert f"`{name}:" in PAGE
    for state in STATES:
        assert f"`is:{state}`" in PAGE
