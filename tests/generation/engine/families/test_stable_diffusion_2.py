"""Stable Diffusion 2.x, whose folders differ from 1.x by their numbers alone."""

import pytest

from tests.generation.engine.families.parity import (
    CLOSE,
    NEGATIVE,
    asked,
    assert_same_bits_in_company,
    difference,
    load,
    ours,
    theirs,
)


@pytest.fixture(scope="module")
def family(sd2_folder):
    return load(sd2_folder)


def test_it_reads_that_the_network_predicts_the_velocity(family):
    assert (family.schedule.prediction, family.schedule.spacing) == ("v_prediction", "leading")


@pytest.mark.parametrize("guidance", [1.0, 6.0])
def test_latents_are_those_of_diffusers_up_to_1e_5(family, sd2_folder, guidance):
    wanted = asked(guidance=guidance, negative_prompt=NEGATIVE)
    expected = theirs(sd2_folder, "StableDiffusionPipeline", wanted, negative_prompt=NEGATIVE)
    assert difference(ours(family, wanted), expected) < CLOSE


def test_a_picture_has_the_same_bits_in_company(family):
    assert_same_bits_in_company(family, asked(guidance=6.0, seeds=(1, 2)), asked(guidance=1.0, steps=3))
