"""Where figures stand: counts, positions and relations are what the scene says."""

from __future__ import annotations

import numpy as np
import pytest

from generation.starter.scenes import SPLITS, Scene, figures_of, scene_at
from generation.starter.scenes.world import RELATIONS

SCENES = [scene_at(SPLITS["train"], row) for row in range(2500)]
IN_PLACES = [scene for scene in SCENES if scene.kind == "scene"]


def middle(figure) -> tuple[float, float]:
    left, top, right, bottom = figure.box
    return (left + right) / 2, (top + bottom) / 2


def by_name(scene: Scene):
    figures = {figure.subject: figure for figure in figures_of(scene)}
    return figures[scene.subject], figures[scene.subject2]


def related(relation: str) -> list[Scene]:
    found = [scene for scene in IN_PLACES if scene.relation == relation]
    assert len(found) >= 8
    return found


def test_a_scene_has_as_many_figures_as_it_says():
    counted = set()
    for scene in IN_PLACES:
        expected = 2 if scene.relation else scene.count
        assert len(figures_of(scene)) == expected
        counted.add(scene.count)
    assert counted == {0, 1, 2, 3, 4}


def test_figures_of_a_group_are_apart():
    for scene in IN_PLACES:
        if scene.count < 2:
            continue
        middles = [middle(figure) for figure in figures_of(scene)]
        for i, (x, y) in enumerate(middles):
            for other_x, other_y in middles[:i]:
                assert max(abs(x - other_x), abs(y - other_y)) > 14


def test_left_and_right_of():
    for scene in related("left of"):
        first, second = by_name(scene)
        assert first.box[2] < second.box[0] + 6
        assert middle(first)[0] + 20 < middle(second)[0]
    for scene in related("right of"):
        first, second = by_name(scene)
        assert middle(first)[0] > middle(second)[0] + 20


def test_above_and_below():
    for scene in related("above"):
        first, second = by_name(scene)
        assert middle(first)[1] + 20 < middle(second)[1]
    for scene in related("below"):
        first, second = by_name(scene)
        assert middle(first)[1] > middle(second)[1] + 20


def test_in_front_of_and_behind():
    for relation, front in (("in front of", 0), ("behind", 1)):
        for scene in related(relation):
            pair = by_name(scene)
            near, far = pair[front], pair[1 - front]
            assert figures_of(scene)[-1] == near, "what is in front is drawn last"
            assert near.box[3] > far.box[3], "what is in front stands lower"
            assert near.box[2] - near.box[0] < 50


def test_on_top_of():
    for scene in related("on top of"):
        rider, seat = by_name(scene)
        assert abs(rider.box[0] + rider.box[2] - seat.box[0] - seat.box[2]) / 2 < 30
        assert rider.box[3] <= seat.box[1] + 0.62 * (seat.box[3] - seat.box[1])
        assert rider.box[3] > seat.box[1] - 3
        assert rider.box[1] > -4


@pytest.mark.parametrize(("position", "low", "high"), [("left", 0, 47), ("center", 40, 60), ("right", 53, 100)])
def test_a_single_subject_stands_where_the_scene_says(position, low, high):
    singles = [s for s in IN_PLACES if s.count == 1 and not s.relation and s.position == position]
    middles = np.array([middle(figures_of(scene)[0])[0] for scene in singles])
    assert len(middles) > 50
    share = ((middles > low) & (middles < high)).mean()
    assert share > 0.97


def test_figures_stay_in_the_picture():
    for scene in IN_PLACES:
        if scene.size == "closeup":
            continue
        for figure in figures_of(scene):
            left, top, right, bottom = figure.box
            assert left > -4
            assert right < 104
            assert top > -4
            assert bottom < 104


def test_all_relations_are_sampled():
    assert {scene.relation for scene in IN_PLACES} == {None, *RELATIONS}
