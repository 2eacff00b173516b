import io
import json
import struct
import time
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from generation.contracts import PromptPart, Raster, Repaint, Stage
from generation.engine.images import (
    PictureUnreadableError,
    decode,
    encode_png,
    encode_webp,
    fit,
    grid_webp,
    parameters_text,
    to_image,
    to_raster,
)
from tests.generation.engine.fakes import engine_on, finish, plan, submit

SQUARE = Stage(width_px=128, height_px=96, steps=25)


def noise(width_px: int, height_px: int, seed: int = 0) -> Raster:
    values = np.random.default_rng(seed).integers(0, 256, (height_px, width_px, 3), dtype=np.uint8)
    return Raster(width_px, height_px, values.tobytes())


def plain(width_px: int, height_px: int, color=(200, 40, 90)) -> Raster:
    return Raster(width_px, height_px, bytes(color) * (width_px * height_px))


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


# --- PNG


@settings(max_examples=30, deadline=None)
@given(width_px=st.integers(1, 40), height_px=st.integers(1, 40), seed=st.integers(0, 9))
def test_a_png_is_lossless(width_px, height_px, seed):
    raster = noise(width_px, height_px, seed)
    assert decode(encode_png(raster, parameters="a tree")) == raster


@pytest.mark.parametrize("text", ["a tree", "灯台 in the rain 🌧", "naïve café", "two\nlines", "x" * 5000])
def test_a_prompt_in_any_script_comes_back_from_the_png(text):
    png = opened(encode_png(noise(4, 4), parameters=text, extra={"mjweb": json.dumps({"prompt": text})}))
    assert png.info["parameters"] == text
    assert json.loads(png.info["mjweb"]) == {"prompt": text}


def test_a_plain_prompt_is_in_the_chunk_that_every_tool_reads():
    """Some read tEXt alone; other scripts than Latin need iTXt."""
    assert b"tEXtparameters\0a tree" in encode_png(plain(2, 2), parameters="a tree")


@pytest.fixture(scope="module")
def painting(starter) -> Raster:
    """Four pictures of the starter model in one of 512 px."""
    engine = engine_on(starter)
    stages = (Stage(width_px=128, height_px=128, steps=8), Stage(width_px=256, height_px=256, steps=10, strength=0.45))
    ear = submit(engine, "a", plan("a red house at sunset", seeds=(1, 2, 3, 4), stages=stages))
    finish(engine)
    sheet = Image.new("RGB", (512, 512))
    for number, picture in enumerate(ear.last.pictures):
        sheet.paste(to_image(picture), (256 * (number % 2), 256 * (number // 2)))
    return to_raster(sheet)


def by_pillows_default(raster: Raster) -> bytes:
    out = io.BytesIO()
    to_image(raster).save(out, "PNG")
    return out.getvalue()


def test_a_png_takes_a_quarter_of_the_time_of_pillows_default_and_no_more_bytes(painting):
    """Measured on these pictures: 4.8 times as fast, 4 % smaller. Processor time: other processes hardly change it."""
    ours, theirs = [], []
    for _ in range(7):
        ours.append(seconds(lambda: encode_png(painting, parameters="")))
        theirs.append(seconds(lambda: by_pillows_default(painting)))
    assert min(theirs) >= 4 * min(ours)
    assert len(encode_png(painting, parameters="")) <= 1.02 * len(by_pillows_default(painting))


def seconds(work) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


# --- the text that other tools read


def test_parameters_are_what_other_tools_read():
    asked = plan("a tree", negative_prompt="fog, people", seeds=(7, 8), stages=(SQUARE,), checkpoint="dreams")
    assert parameters_text(asked, 1) == (
        "a tree\n"
        "Negative prompt: fog, people\n"
        "Steps: 25, Sampler: DPM++ 2M, CFG scale: 4, Seed: 8, Size: 128x96, Model: dreams"
    )


def test_parameters_without_a_negative_prompt_have_no_line_for_it():
    lines = parameters_text(plan("a tree", guidance=4.25, sampler="euler"), 0).splitlines()
    assert len(lines) == 2
    assert "Sampler: Euler, CFG scale: 4.25, Seed: 1" in lines[1]


def test_the_parts_of_a_prompt_are_composed_as_other_tools_write_it():
    parts = (PromptPart("a boat", 2.0), PromptPart("the sea"), PromptPart("fog", -0.5))
    assert parameters_text(plan(parts=parts), 0).startswith("a boat :2 AND the sea :1 AND fog :-0.5\n")


def test_what_guides_and_divides_the_steps_is_told_where_it_is_not_the_usual():
    asked = replace(plan(), sampler="ddim", schedule="trailing", eta=0.5)
    asked = replace(asked, guidance_rescale=0.7, guidance_interval=(0.2, 0.8))
    numbers = parameters_text(asked, 0).splitlines()[-1]
    assert "Sampler: DDIM" in numbers
    assert numbers.endswith("Schedule type: Trailing, Eta: 0.5, CFG rescale: 0.7, CFG interval: 0.2 to 0.8")


def test_a_second_stage_is_told_as_the_hires_fix():
    large = Stage(width_px=256, height_px=192, steps=20, strength=0.45, network="hires")
    numbers = parameters_text(plan(stages=(SQUARE, large)), 0).splitlines()[-1]
    assert "Size: 128x96" in numbers
    assert "Denoising strength: 0.45, Hires resize: 256x192, Hires steps: 20" in numbers


def test_a_start_from_a_picture_is_told_by_its_strength():
    half = Stage(width_px=128, height_px=96, steps=25, strength=0.55)
    numbers = parameters_text(plan(stages=(half,)), 0).splitlines()[-1]
    assert numbers.endswith("Denoising strength: 0.55")
    assert "Hires" not in numbers


def test_what_was_done_beyond_the_prompt_is_told():
    stopped = Stage(width_px=128, height_px=96, steps=25, stop=0.8)
    asked = plan(stages=(stopped,), seamless=True, chaos=30, weird=500, repaint=Repaint(feather_px=6))
    numbers = parameters_text(asked, 0).splitlines()[-1]
    assert numbers.endswith("Tiling: True, Mask blur: 6, Chaos: 30, Weird: 500, Stop: 0.8")


# --- WebP


@pytest.mark.parametrize(
    ("given_px", "long_side_px", "made_px"),
    [
        ((512, 512), 320, (320, 320)),
        ((600, 300), 320, (320, 160)),
        ((300, 600), 320, (160, 320)),
        ((128, 96), 320, (128, 96)),
        ((1000, 3), 100, (100, 1)),
    ],
)
def test_a_webp_has_the_wanted_long_side_and_is_never_enlarged(given_px, long_side_px, made_px):
    webp = opened(encode_webp(plain(*given_px), long_side_px=long_side_px))
    assert (webp.format, webp.size) == ("WEBP", made_px)


def test_a_webp_keeps_the_colors():
    pixel = opened(encode_webp(plain(64, 64), long_side_px=32, quality=86)).convert("RGB").getpixel((16, 16))
    assert pixel == pytest.approx((200, 40, 90), abs=6)


COLORS = ((220, 30, 30), (30, 200, 40), (40, 60, 220), (230, 220, 40), (200, 40, 200))


@pytest.mark.parametrize(
    ("count", "columns", "size"),
    [(1, 2, (32, 16)), (2, 2, (64, 16)), (4, 2, (64, 32)), (5, 3, (96, 32)), (3, 1, (32, 48))],
)
def test_a_grid_lays_pictures_out_row_by_row(count, columns, size):
    sheet = opened(grid_webp([plain(32, 16, color) for color in COLORS[:count]], columns=columns, quality=95))
    assert sheet.size == size
    for number, color in enumerate(COLORS[:count]):
        columns_used = min(columns, count)
        middle = (32 * (number % columns_used) + 16, 16 * (number // columns_used) + 8)
        assert sheet.convert("RGB").getpixel(middle) == pytest.approx(color, abs=30)


@pytest.mark.parametrize(("tile_px", "size"), [(None, (64, 32)), (64, (128, 64)), (8, (16, 8))])
def test_the_tiles_of_a_grid_have_the_wanted_long_side(tile_px, size):
    assert opened(grid_webp([plain(32, 16)] * 4, tile_px=tile_px)).size == size


def test_a_grid_of_pictures_of_two_stages_has_tiles_of_one_size():
    assert opened(grid_webp([plain(32, 32), plain(96, 96)])).size == (64, 32)


# --- reading


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_it_reads_the_kinds_that_people_upload(kind):
    out = io.BytesIO()
    to_image(plain(20, 10, (250, 250, 250))).save(out, kind)
    raster = decode(out.getvalue())
    assert (raster.width_px, raster.height_px) == (20, 10)
    assert min(raster.rgb) > 240


def test_a_photo_taken_with_a_turned_camera_is_turned_upright():
    image = to_image(plain(20, 10))
    exif = image.getexif()
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    raster = decode(out.getvalue())
    assert (raster.width_px, raster.height_px) == (10, 20)


def png_that_says_it_is(width_px: int, height_px: int, *, header_bytes: int = 13) -> bytes:
    """A few bytes that unfold to any number of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header[:header_bytes]) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(8001, 8000), (12_000, 12_000), (60_000, 60_000), (2_000_000, 40)])
def test_it_refuses_bombs_unread(size):
    with pytest.raises(PictureUnreadableError, match=r"\.$"):
        decode(png_that_says_it_is(*size))


def test_a_large_picture_is_refused_for_its_pixels_and_told_so():
    with pytest.raises(PictureUnreadableError, match="too many pixels"):
        decode(png_that_says_it_is(8001, 8000))


def broken_off(kind: str) -> bytes:
    out = io.BytesIO()
    to_image(noise(64, 64)).save(out, kind)
    return out.getvalue()[: len(out.getvalue()) // 2]


NO_PICTURES = {
    "nothing": b"",
    "text": b"no picture",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a signature alone": b"\x89PNG\r\n\x1a\n",
    "half a signature": b"GIF89a",
    "no pixels": png_that_says_it_is(0, 5),
    "too few pixels": png_that_says_it_is(100, 100),
    "a short header": png_that_says_it_is(100, 100, header_bytes=9),
    "half a PNG": broken_off("PNG"),
    "half a JPEG": broken_off("JPEG"),
    "half a WebP": broken_off("WEBP"),
}


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_it_refuses_what_is_no_picture_with_a_sentence(data):
    with pytest.raises(PictureUnreadableError, match="The file is not a picture that can be read"):
        decode(data)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(data):
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]))
    out = io.BytesIO()
    to_image(noise(24, 24)).save(out, kind)
    damaged = bytearray(out.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        raster = decode(bytes(damaged))
    except PictureUnreadableError:
        return
    assert len(raster.rgb) == 3 * raster.width_px * raster.height_px


# --- fitting


def test_fitting_crops_evenly():
    """Three stripes; the outer ones are cut off by the same width."""
    stripes = np.zeros((40, 120, 3), dtype=np.uint8)
    stripes[:, :40], stripes[:, 40:80], stripes[:, 80:] = COLORS[:3]
    fitted = fit(Raster(120, 40, stripes.tobytes()), 80, 40)
    row = np.frombuffer(fitted.rgb, dtype=np.uint8).reshape(40, 80, 3)[20]
    assert (fitted.width_px, fitted.height_px) == (80, 40)
    assert [tuple(row[x]) for x in (10, 40, 70)] == list(COLORS[:3])
    assert [tuple(row[x]) for x in (19, 20)] == [COLORS[0], COLORS[1]]
    assert [tuple(row[x]) for x in (59, 60)] == [COLORS[1], COLORS[2]]


@pytest.mark.parametrize("size", [(64, 64), (128, 32), (16, 48)])
def test_a_fitted_picture_has_exactly_the_wanted_size(size):
    fitted = fit(noise(100, 70), *size)
    assert (fitted.width_px, fitted.height_px, len(fitted.rgb)) == (*size, 3 * size[0] * size[1])


def test_a_picture_that_fits_already_is_left_as_it_is():
    raster = noise(32, 16)
    assert fit(raster, 32, 16) is raster
