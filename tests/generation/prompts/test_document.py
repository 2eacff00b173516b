from generation.prompts.document import PAGE, document
from generation.prompts.parameters import NAMES
from generation.prompts.styles import PRESETS


def test_the_page_has_the_tables_as_they_are():
    """`python -m generation.prompts.document` writes them."""
    page = PAGE.read_text(encoding="utf-8")
    assert document(page) == page
    assert all(f"`--{name}`" in page for name in NAMES)
    assert all(f"| `{name}` |" in page for name in PRESETS)
