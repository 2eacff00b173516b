import pytest
import torch

from generation.engine.sampling.guidance import Guidance, combine, row_weights


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


def test_negative_weights_are_composed_as_liu_et_al_write_it():
    uncond, a, b, c = rows = outputs(4)
    expected = uncond + 6 * (1.5 * (a - uncond) + 0.25 * (b - uncond) - 0.75 * (c - uncond))
    assert torch.allclose(combine(rows, [row_weights([6.0, 1.0, -3.0], 6.0)])[0], expected, atol=1e-4)


@pytest.mark.parametrize("scale", [0.0, 1.0, 7.5, -2.0])
@pytest.mark.parametrize("parts", [[1.0], [2.0, 3.0], [2.0, -1.0]])
def test_rows_that_agree_are_left_as_they_are(parts, scale):
    assert sum(row_weights(parts, scale)) == pytest.approx(1)


def test_pictures_with_different_numbers_of_rows_are_guided_each_by_its_own():
    rows = outputs(6)
    weights = [row_weights([1.0], 4.0), row_weights([1.0], 1.0), row_weights([1.0, 2.0], 3.0)]
    together = combine(rows, weights)
    alone = [combine(rows[:2], weights[:1]), combine(rows[2:3], weights[1:2]), combine(rows[3:], weights[2:])]
    assert torch.equal(together, torch.cat(alone))


MIDDLE = Guidance(part_weights=(3.0, -1.0), scale=4.0, trained_timesteps=1000, interval=(0.25, 0.75))


def test_rows_have_their_weights_of_scale_one_outside_the_interval():
    assert [len(MIDDLE.row_weights_at(timestep)) for timestep in (999, 750, 749, 250, 249, 0)] == [2, 2, 3, 3, 2, 2]
    assert MIDDLE.row_weights_at(999) == MIDDLE.positive_weights == (1.5, -0.5)
    assert MIDDLE.row_weights_at(500) == (-3.0, 6.0, -2.0)


def test_at_scale_one_no_interval_asks_for_an_unconditional_row():
    unguided = Guidance(part_weights=(1.0,), scale=1.0, trained_timesteps=1000)
    assert not unguided.needs_unconditional
    assert not unguided.is_guided_at(500)
    assert unguided.row_weights_at(500) == (1.0,)
