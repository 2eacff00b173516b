import pytest
import torch

from generation.engine.sampling.guidance import combine, row_weights


def outputs(rows: int) -> torch.Tensor:
    return torch.randn((rows, 2, 3, 3), generator=torch.Generator().manual_seed(rows))


def test_one_part_is_guided_as_ho_and_salimans_write_it():
    uncond, cond = rows = outputs(2)
    assert torch.allclose(combine(rows, [row_weights([1.0], 4.0)])[0], uncond + 4 * (cond - uncond), atol=1e-5)


def test_parts_are_composed_as_liu_et_al_write_it():
    uncond, a, b = rows = outputs(3)
    expected = uncond + 5 * 0.75 * (a - uncond) + 5 * 0.25 * (b - uncond)
    assert torch.allclose(combine(rows, [row_weights([3.0, 1.0], 5.0)])[0], expected, atol=1e-5)


def test_scale_one_needs_no_unconditional_row():
    assert row_weights([1.0], 1.0) == (1.0,)
    assert row_weights([1.0, 3.0], 1.0) == (0.25, 0.75)


def test_scaling_all_weights_changes_nothing():
    assert row_weights([2.0, 4.0], 7.0) == pytest.approx(row_weights([1.0, 2.0], 7.0))


def test_a_negative_part_pushes_away():
    assert row_weights([2.0, -1.0], 3.0) == pytest.approx((-2.0, 6.0, -3.0))


def test_pictures_with_different_numbers_of_rows_are_guided_each_by_its_own():
    rows = outputs(6)
    weights = [row_weights([1.0], 4.0), row_weights([1.0], 1.0), row_weights([1.0, 2.0], 3.0)]
    together = combine(rows, weights)
    alone = [combine(rows[:2], weights[:1]), combine(rows[2:3], weights[1:2]), combine(rows[3:], weights[2:])]
    assert torch.equal(together, torch.cat(alone))
