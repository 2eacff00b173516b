"""Pictures: the same for the same seed, alike at every size, and different for everything a caption can tell."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from generation.starter.scenes import SPLITS, Scene, figures_of, render, render_with_mask, scene_at
from generation.starter.scenes.canvas import outline
from generation.starter.scenes.palette import NAMED
from generation.starter.scenes.places import PLACES as DRAWN_PLACES
from generation.starter.scenes.styles import STYLES as DRAWN_STYLES
from generation.starter.scenes.subjects import DRAWINGS, extent
from generation.starter.scenes.world import (
    COLORS,
    KINDS,
    PLACES,
    SIZES,
    STYLES,
    SUBJECTS,
    TIME_OF,
    TIMES,
    WEATHER_OF,
    WEATHERS,
)

PLAIN = Scene(3, "fox", "orange", place="meadow", time="noon", weather="clear")
DESIGN = {"place": None, "time": None, "weather": None, "ground": "teal"}


def difference(a, b) -> float:
    """Mean difference of two pictures, in levels of 0 to 255."""
    return float(np.abs(a.astype(float) - b.astype(float)).mean())


def half(picture):
    side = picture.shape[0] // 2
    return picture.reshape(side, 2, side, 2, 3).mean((1, 3))


def test_everything_the_vocabulary_names_can_be_drawn():
    assert set(DRAWINGS) == set(SUBJECTS)
    assert set(DRAWN_PLACES) == set(PLACES) == set(WEATHER_OF)
    assert set(DRAWN_STYLES) == set(STYLES)
    assert set(NAMED) == set(COLORS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_scene_is_the_same_picture(kind):
    scene = PLAIN if kind == "scene" else replace(PLAIN, kind=kind, **DESIGN)
    first, again = render_with_mask(scene, 64), render_with_mask(scene, 64)
    assert np.array_equal(first.rgb, again.rgb)
    assert np.array_equal(first.mask, again.mask)
    assert first.rgb.shape == (64, 64, 3)
    assert first.mask.shape == (64, 64)
    assert first.rgb.dtype == first.mask.dtype == np.uint8


@pytest.mark.parametrize("style", STYLES)
def test_a_scene_looks_alike_at_both_sizes(style):
    scene = replace(PLAIN, style=style)
    small, large = render(scene, 128), half(render(scene, 256))
    other = render(replace(scene, seed=4, subject="boat", color="blue", place="sea"), 128)
    assert difference(small, large) < 12
    assert difference(small, large) < 0.35 * difference(small, other)


def test_another_seed_is_another_picture():
    assert difference(render(PLAIN, 64), render(replace(PLAIN, seed=4), 64)) > 3


@pytest.mark.parametrize("style", STYLES)
def test_every_subject_can_be_drawn_in_every_style(style):
    for i, subject in enumerate(SUBJECTS):
        scene = Scene(i, subject, COLORS[i % len(COLORS)], style=style, kind="plain", ground="white", size="large")
        rendered = render_with_mask(scene, 32)
        assert rendered.rgb.std() > 4, subject
        assert 0.03 < (rendered.mask > 127).mean() < 0.75, subject


def test_every_style_changes_the_picture():
    pictures = {style: render(replace(PLAIN, style=style), 64) for style in STYLES}
    for i, one in enumerate(STYLES):
        for other in STYLES[:i]:
            assert difference(pictures[one], pictures[other]) > 3, (one, other)


def test_every_subject_has_its_own_shape():
    def shape(subject: str):
        return render_with_mask(Scene(1, subject, "red", kind="plain", ground="white", size="large"), 32)

    shapes = {subject: shape(subject) for subject in SUBJECTS}
    for i, one in enumerate(SUBJECTS):
        for other in SUBJECTS[:i]:
            apart = difference(shapes[one].mask, shapes[other].mask) + difference(shapes[one].rgb, shapes[other].rgb)
            assert apart > 8, (one, other)


def test_every_color_is_told_apart():
    pictures = {
        color: render(Scene(1, "heart", color, kind="plain", ground="white", size="large"), 32) for color in COLORS
    }
    center = {color: picture[12:20, 12:20].reshape(-1, 3) for color, picture in pictures.items()}
    for i, one in enumerate(COLORS):
        for other in COLORS[:i]:
            assert difference(center[one], center[other]) > 10, (one, other)


def test_a_rainbow_has_many_hues():
    picture = render(Scene(1, "heart", "rainbow", kind="plain", ground="white", size="large"), 64)
    row = picture[30, 14:50].astype(int)
    assert len({int(pixel.argmax()) for pixel in row}) == 3


def test_every_place_time_and_weather_changes_the_landscape():
    base = Scene(5, count=0, place="mountains", time="noon", weather="clear")
    for name, values in (("place", PLACES), ("time", TIMES), ("weather", WEATHERS)):
        pictures = {value: render(replace(base, **{name: value}), 64) for value in values}
        for i, one in enumerate(values):
            for other in values[:i]:
                assert difference(pictures[one], pictures[other]) > 1.2, (one, other)


@pytest.mark.parametrize("place", PLACES)
def test_every_place_can_have_its_weather_at_its_times(place):
    for weather in sorted(WEATHER_OF[place]):
        for time_of_day in sorted(TIME_OF.get(weather, frozenset({"noon", "night"}))):
            assert render(Scene(1, count=0, place=place, time=time_of_day, weather=weather), 32).std() > 4


def test_a_landscape_has_no_figure():
    rendered = render_with_mask(replace(PLAIN, subject=None, color=None, count=0), 64)
    assert rendered.mask.max() == 0
    assert not figures_of(replace(PLAIN, subject=None, color=None, count=0))


def test_the_mask_lies_where_the_figure_stands():
    mask = render_with_mask(PLAIN, 128).mask > 127
    left, top, right, bottom = (value * 1.28 for value in figures_of(PLAIN)[0].box)
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    assert abs(columns[0] - left) < 6
    assert abs(columns[-1] - right) < 6
    assert abs(rows[0] - top) < 6
    assert abs(rows[-1] - bottom) < 6


def test_larger_sizes_cover_more():
    areas = [int((render_with_mask(replace(PLAIN, size=size), 64).mask > 127).sum()) for size in SIZES]
    assert areas == sorted(areas)
    assert areas[0] * 4 < areas[2]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_stands_on_its_base_and_is_about_100_high(subject):
    room = extent(subject)
    assert 55 < room.top < 130
    assert 20 < room.width < 160
    assert room.left < 0 < room.right
    assert 0 < room.seat <= room.top + 1


def test_a_pattern_joins_itself():
    tile = render(Scene(2, "donut", "pink", kind="pattern", ground="navy"), 96).astype(float)
    seam = np.abs(tile[:, 0] - tile[:, -1]).mean() + np.abs(tile[0] - tile[-1]).mean()
    inside = np.abs(np.diff(tile, axis=1)).mean() + np.abs(np.diff(tile, axis=0)).mean()
    middle = np.abs(tile[:, 0] - tile[:, 30]).mean() + np.abs(tile[0] - tile[30]).mean()
    assert seam < max(4 * inside, 0.5 * middle)


def test_the_path_language_reads_what_svg_reads():
    path = outline("M0 0H10V-5.5L2 1e-05Z")
    bounds = path.getBounds()
    assert (bounds.left(), bounds.top(), bounds.right(), bounds.bottom()) == (0, -5.5, 10, pytest.approx(1e-5))


def test_rendering_is_fast_enough_to_train_on():
    scenes = [replace(scene_at(SPLITS["train"], row), style="vector") for row in range(12)]
    for scene in scenes[:4]:
        render(scene, 128)
    start = time.thread_time()
    for scene in scenes:
        render(scene, 128)
    assert (time.thread_time() - start) / len(scenes) < 0.04
