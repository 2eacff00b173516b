"""What is refused is refused with a sentence, before anything is painted."""

from dataclasses import replace

import pytest

from generation.contracts import Placement, Raster, RenderRequest, Repaint, SourceUse, Stage
from generation.engine.checks import BadPlanError, check
from tests.generation.engine.fakes import FakeFamily, plan
from tests.generation.engine.test_images import noise
from tests.generation.engine.test_masks import marked

PICTURE = noise(64, 64)
WIDE = Stage(width_px=96, height_px=64, steps=5)
STARTED = Stage(width_px=64, height_px=64, steps=5, strength=0.5)


def stages(**changes):
    return (replace(Stage(width_px=64, height_px=64, steps=5), **changes),)


def canvas(left: int, top: int, width: int, height: int) -> Repaint:
    return Repaint(feather_px=4, placement=Placement(left_px=left, top_px=top, width_px=width, height_px=height))


BAD = {
    "no picture to start from": (plan(stages=(STARTED,)), (), None, "starts from a picture, but none was given"),
    "one of two pictures": (
        plan(stages=(STARTED,), sources=(SourceUse(start=1), SourceUse(start=1))), (PICTURE,), None,
        "needs 2 pictures, but 1 was given",
    ),
    "a picture too many": (plan(), (PICTURE,), None, "More pictures were given"),
    "six to blend": (plan(stages=(STARTED,), sources=(SourceUse(start=1),) * 6), (PICTURE,) * 6, None, "At most 5"),
    "eleven in all": (plan(sources=(SourceUse(style=1),) * 11), (PICTURE,) * 11, None, "and 10 used at all"),
    "a start without a share": (
        plan(stages=(STARTED,), sources=(SourceUse(style=1),)), (PICTURE,), None, "has a share in the start",
    ),
    "a negative weight": (plan(sources=(SourceUse(prompt=-1),)), (PICTURE,), None, "weights are numbers from 0"),
    "a weight that is none": (
        plan(sources=(SourceUse(prompt=float("nan")),)), (PICTURE,), None, "weights are numbers from 0",
    ),
    "too much style": (plan(sources=(SourceUse(style=1.5),)), (PICTURE,), None, "at most 1"),
    "a mask of another shape": (
        plan(repaint=Repaint(feather_px=4)), (PICTURE,), marked(64, 32), "mask is of 64 x 32 px, but the picture of 64",
    ),
    "an empty mask": (plan(repaint=Repaint(feather_px=4)), (PICTURE,), marked(level=0), "marks nothing"),
    "no mask": (plan(repaint=Repaint(feather_px=4)), (PICTURE,), None, "no mask says which"),
    "a mask for nothing": (plan(), (), marked(), "paints the whole picture"),
    "a feather below 0": (plan(repaint=Repaint(feather_px=-1)), (PICTURE,), marked(), "feather"),
    "a place outside": (plan(stages=(WIDE,), repaint=canvas(40, 0, 64, 64)), (PICTURE,), None, "inside the canvas"),
    "no place": (plan(stages=(WIDE,), repaint=canvas(0, 0, 0, 64)), (PICTURE,), None, "inside the canvas"),
    "nothing around": (plan(stages=(WIDE,), repaint=canvas(0, 0, 96, 64)), (PICTURE,), None, "fills its canvas"),
    "a strength above 1": (plan(stages=stages(strength=1.5)), (PICTURE,), None, "strength above 0 and at most 1"),
    "no mask of a placed picture": (
        plan(stages=(WIDE,), repaint=replace(canvas(0, 0, 64, 64), masked=True)), (PICTURE,), None,
        "no mask says which",
    ),
    "no strength": (plan(stages=stages(strength=0.0)), (PICTURE,), None, "strength above 0 and at most 1"),
    "no steps before the stop": (plan(stages=stages(stop=0.0)), (), None, "stops after a share"),
    "a stop beyond the end": (plan(stages=stages(stop=1.1)), (), None, "stops after a share"),
    "eight times": (
        plan(stages=(*stages(), *stages(width_px=512, height_px=512, strength=0.4))), (), None, "at most 4 times",
    ),
    "a smaller second stage": (
        plan(stages=(*stages(), *stages(width_px=32, height_px=32, strength=0.4))), (), None, "never shrinks",
    ),
    "too much chaos": (plan(chaos=101), (), None, "Chaos is a number from 0 to 100"),
    "negative chaos": (plan(chaos=-1), (), None, "Chaos is a number from 0 to 100"),
    "too weird": (plan(weird=3001), (), None, "Weird is a number from 0 to 3000"),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "sources", "mask", "said"), BAD.values(), ids=BAD.keys())
def test_a_bad_plan_is_refused_with_a_sentence(asked, sources, mask, said):
    with pytest.raises(BadPlanError, match=said) as refusal:
        check(RenderRequest(request_id="a", plan=asked, sources=sources, mask=mask), FakeFamily())
    assert str(refusal.value).endswith(".")


GOOD = {
    "from noise": (plan(), (), None),
    "from a picture": (plan(stages=(STARTED,)), (PICTURE,), None),
    "a blend": (plan(stages=(STARTED,), sources=(SourceUse(start=1, prompt=1),) * 5), (PICTURE,) * 5, None),
    "a part": (plan(repaint=Repaint(feather_px=0)), (PICTURE,), marked()),
    "a part on a canvas": (
        plan(stages=(WIDE,), repaint=replace(canvas(0, 0, 64, 64), masked=True)),
        (PICTURE,),
        marked(),
    ),
    "a part of what fills its canvas": (
        plan(stages=(WIDE,), repaint=replace(canvas(0, 0, 96, 64), masked=True)),
        (PICTURE,),
        marked(),
    ),
    "a canvas": (plan(stages=(WIDE,), repaint=canvas(0, 0, 64, 64)), (PICTURE,), None),
    "the ends of all ranges": (plan(chaos=100, weird=3000, stages=stages(stop=1.0)), (), None),
    "four times": (plan(stages=(*stages(), *stages(width_px=256, height_px=256, strength=0.4))), (), None),
}


@pytest.mark.parametrize(("asked", "sources", "mask"), GOOD.values(), ids=GOOD.keys())
def test_a_good_plan_is_not(asked, sources, mask):
    check(RenderRequest(request_id="a", plan=asked, sources=sources, mask=mask), FakeFamily())


def test_a_picture_of_any_size_may_be_a_source():
    tiny = Raster(1, 1, b"abc")
    check(RenderRequest(request_id="a", plan=plan(stages=(STARTED,)), sources=(tiny,)), FakeFamily())
