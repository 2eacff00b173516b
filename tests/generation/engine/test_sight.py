"""Pictures as a part of a prompt, with the starter and the CLIP that it ships."""

import pytest
import torch

from generation.contracts import PromptPart, Raster, RenderRequest, SourceUse, Stage
from generation.engine.admission import admit
from generation.engine.checks import BadPlanError
from generation.engine.embeddings import load_clip
from generation.engine.sight import Sight, whole_words
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.fakes import Ear, FakeFamily, engine_on, finish, painted, plan
from tests.generation.engine.test_images import noise

SMALL = Stage(width_px=128, height_px=128, steps=10)
PROMPTS = (
    "a red house in the mountains at sunset",
    "a green sailboat on a lake in daylight",
    "a purple flower, watercolor",
)


@pytest.fixture(scope="module")
def clip():
    return load_clip(WEIGHTS_DIR / "clip")


@pytest.fixture(scope="module")
def pictures(starter) -> list[Raster]:
    return [painted(starter, plan(prompt, seeds=(1,), stages=(SMALL,)))[0] for prompt in PROMPTS]


def shown(family, sources, uses, text="", seeds=(11, 12)):
    asked = plan(text, seeds=seeds, stages=(SMALL,), sources=tuple(uses))
    engine, ear = engine_on(family), Ear()
    engine.submit(RenderRequest(request_id="a", plan=asked, sources=tuple(sources)), ear)
    finish(engine)
    return ear.last.pictures


def test_a_picture_alone_is_prompt_enough_for_others_that_show_the_same(starter, clip, pictures):
    """Measured over six: a cosine of 0.35 to 0.80 to the source, 0.59 on average; 0.06 between the sources."""
    directions = clip.embed_pictures(pictures)
    for number, picture in enumerate(pictures):
        made = clip.embed_pictures(shown(starter, [picture], [SourceUse(prompt=1.0)]))
        cosines = (made @ directions.T).mean(dim=0)
        assert int(cosines.argmax()) == number
        assert cosines[number] > 0.4


def test_words_and_a_picture_count_by_their_weights(starter, clip, pictures):
    text = clip.embed_texts(["a lighthouse at night"])[0]
    picture = clip.embed_pictures(pictures[2:])[0]
    likeness = []
    for weight in (0.25, 1.0, 3.0):
        made = clip.embed_pictures(shown(starter, pictures[2:], [SourceUse(prompt=weight)], "a lighthouse at night"))
        likeness.append(float((made @ picture).mean() - (made @ text).mean()))
    assert likeness == sorted(likeness)


def test_two_pictures_are_mixed(starter, clip, pictures):
    uses = [SourceUse(prompt=1.0), SourceUse(prompt=1.0)]
    house, _, flower = pictures  # what is most unlike to the tower
    made = clip.embed_pictures(shown(starter, [house, flower], uses))
    alone = [clip.embed_pictures(shown(starter, [one], [SourceUse(prompt=1.0)])) for one in (house, flower)]
    directions = clip.embed_pictures([house, flower])
    for number in range(2):
        assert (made @ directions[number]).mean() > (alone[1 - number] @ directions[number]).mean()


def test_beside_a_picture_the_parts_of_a_prompt_weigh_one_together(starter, pictures):
    parts = (PromptPart("a boat", 3.0), PromptPart("fog", 1.0))
    asked = plan(parts=parts, stages=(SMALL,), sources=(SourceUse(prompt=2.0),))
    request = RenderRequest(request_id="a", plan=asked, sources=(pictures[0],))
    (member, *_) = admit(request, Ear(), starter, iter(range(9))).trajectories
    assert member.guidance.part_weights == (0.75, 0.25, 2.0)
    assert len(member.conditionings["base"]) == 4


def test_a_long_prompt_beside_a_picture_is_filled_up(starter, pictures):
    asked = plan("a house by the sea, " * 20, stages=(SMALL,), sources=(SourceUse(prompt=1.0),))
    request = RenderRequest(request_id="a", plan=asked, sources=(pictures[0],))
    (member, *_) = admit(request, Ear(), starter, iter(range(9))).trajectories
    assert member.bucket.tokens > 40


def test_what_pushes_away_may_not_weigh_more_than_all_the_rest(starter, pictures):
    asked = plan(
        parts=(PromptPart("", 3.0), PromptPart("fog", -2.0)), stages=(SMALL,), sources=(SourceUse(prompt=0.5),)
    )
    with pytest.raises(BadPlanError, match="pictures must add up"):
        admit(RenderRequest(request_id="a", plan=asked, sources=(pictures[0],)), Ear(), starter, iter(range(9)))


def test_a_checkpoint_that_cannot_look_at_pictures_paints_the_words():
    asked = plan("a tree", sources=(SourceUse(prompt=1.0),))
    request = RenderRequest(request_id="a", plan=asked, sources=(noise(64, 64),))
    (member, *_) = admit(request, Ear(), FakeFamily(), iter(range(9))).trajectories
    assert member.guidance.part_weights == (1.0,)
    assert len(member.conditionings["base"]) == 2


# --- the matrix


class LinearWorld:
    """A CLIP whose texts lie where their letters say, and a network that is told a linear image of the place."""

    dimensions = 8

    def __init__(self) -> None:
        generator = torch.Generator().manual_seed(0)
        self.letters = torch.randn(26, 8, generator=generator)
        self.image = torch.randn(8, 3 * 5, generator=generator)
        self.texts = 0

    def embed_texts(self, texts) -> torch.Tensor:
        self.texts += len(texts)
        rows = [sum(self.letters[ord(letter) - 97] for letter in text if letter.isalpha()) for text in texts]
        return torch.nn.functional.normalize(torch.stack(rows), dim=1)

    def embed_pictures(self, pictures) -> torch.Tensor:
        return torch.stack(
            [self.letters[picture.rgb[0] % 26] / self.letters[picture.rgb[0] % 26].norm() for picture in pictures]
        )

    def encode_texts(self, texts) -> torch.Tensor:
        return (self.embed_texts(texts) @ self.image).view(-1, 3, 5)


def test_where_the_way_is_linear_it_is_found():
    world = LinearWorld()
    sight = Sight(world, world.encode_texts, ["abc", "xyz", "mno", "def", "jkl", "pqr", "stu", "ghi", "vwa"])
    picture = Raster(1, 1, bytes((7, 0, 0)))
    told, wanted = sight.tell([picture], [1.0])[0], (world.embed_pictures([picture]) @ world.image).view(3, 5)
    assert torch.nn.functional.cosine_similarity(told, wanted, dim=1).min() > 0.97


def test_the_matrix_is_found_once_and_a_mix_lies_between():
    world = LinearWorld()
    sight = Sight(world, world.encode_texts, ["abc", "xyz", "mno", "def", "jkl", "pqr", "stu", "ghi", "vwa"])
    one, other = Raster(1, 1, bytes((7, 0, 0))), Raster(1, 1, bytes((19, 0, 0)))
    first = sight.tell([one], [1.0])
    texts = world.texts
    assert torch.equal(sight.tell([one, other], [1.0, 0.0]), first)
    assert not torch.allclose(sight.tell([one, other], [1.0, 1.0]), first, atol=0.1)
    assert world.texts == texts


def test_whole_words_are_told_from_pieces():
    assert whole_words(["boat</w>", "boa", "a</w>", "</w>", "12</w>", "sea</w>"]) == ["boat", "sea"]
