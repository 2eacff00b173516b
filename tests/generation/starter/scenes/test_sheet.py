"""Contact sheets."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from generation.starter.scenes import Scene, render, sheet


def test_rows_and_columns_run_through_values(tmp_path):
    out = tmp_path / "sheet.png"
    sheet.main(
        [
            str(out),
            "--side",
            "32",
            "--rows",
            "style",
            "--columns",
            "subject",
            "--style",
            "vector,oil",
            "--subject",
            "cat,house,car",
        ]
    )
    with Image.open(out) as picture:
        assert picture.size == (96, 64)
        corner = np.asarray(picture)[:32, :32]
    assert np.array_equal(corner, render(Scene(0, "cat", "red", place="meadow", time="noon", weather="clear"), 32))


def test_random_scenes_of_a_split(tmp_path):
    out = tmp_path / "sheet.png"
    sheet.main([str(out), "--side", "32", "--many", "2"])
    with Image.open(out) as picture:
        quarters = [np.asarray(picture)[y : y + 32, x : x + 32] for y in (0, 32) for x in (0, 32)]
    assert len({quarter.tobytes() for quarter in quarters}) == 4


def test_an_unknown_value_is_named(tmp_path):
    with pytest.raises(SystemExit, match="knows no giraffe"):
        sheet.main([str(tmp_path / "x.png"), "--subject", "giraffe"])
