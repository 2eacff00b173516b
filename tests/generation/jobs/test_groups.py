"""A group of jobs as a contact sheet."""

import pytest

from generation.errors import GroupNotFoundError
from generation.jobs.groups import axes_of, contact_sheet
from generation.jobs.services import cancel_job, submit_prompts
from tests.factories import finish

pytestmark = pytest.mark.django_db


def sheet(owner, text):
    jobs = submit_prompts(owner, text)
    return jobs, contact_sheet(owner, jobs[0].group_id)


def test_two_pairs_of_braces_are_the_two_edges(alice, checkpoint):
    jobs, found = sheet(alice, "a {red, blue} boat {at dawn, at noon, at dusk}")
    assert found.columns == ("at dawn", "at noon", "at dusk")
    assert [row.label for row in found.rows] == ["red", "blue"]
    assert [job for row in found.rows for cell in row.cells for job in cell] == jobs
    assert found.rows[1].cells[2][0].prompt == "a blue boat at dusk"
    assert found.is_active


def test_one_pair_is_one_edge_and_repeats_stand_together(alice, checkpoint):
    jobs, found = sheet(alice, "a {red, blue} boat --repeat 2")
    assert found.columns == ()
    assert [[len(cell) for cell in row.cells] for row in found.rows] == [[2], [2]]
    assert found.rows[1].cells[0] == tuple(jobs[2:])


@pytest.mark.parametrize("text", ["a boat --repeat 3", "a {red, blue} {boat, car} {by day, by night}"])
def test_without_edges_or_with_too_many_each_job_is_a_row(alice, checkpoint, text):
    jobs, found = sheet(alice, text)
    assert [row.label for row in found.rows] == [job.prompt for job in jobs]
    assert found.columns == ()


def test_braces_that_came_of_an_option_set_make_a_list(alice, checkpoint):
    from generation.jobs.option_sets import keep_option_set

    keep_option_set(alice, "shapes", "--ar {1:1, 3:2}")
    jobs, found = sheet(alice, "a {red, blue, green} boat --shapes")
    assert len(jobs) == 6
    assert [job for row in found.rows for cell in row.cells for job in cell] == jobs


def test_options_are_shown_as_they_are_meant():
    assert axes_of(r"a {red \, blue, green} {bird} {a {b, c}, d}") == [("red , blue", "green"), ("a b", "a c", "d")]
    assert axes_of("an empty {, very} option") == [("", "very")]


def test_pictures_are_counted_and_the_queries_are_not(alice, checkpoint, django_assert_max_num_queries):
    jobs, _ = sheet(alice, "a {red, blue, green, white} boat")
    for job in jobs[:3]:
        finish(job)
    cancel_job(alice, jobs[3].pk)
    with django_assert_max_num_queries(3):
        found = contact_sheet(alice, jobs[0].group_id)
    assert found.pictures == 12
    assert not found.is_active


def test_somebody_elses_group_does_not_exist(alice, bob, checkpoint):
    jobs, _ = sheet(alice, "a {red, blue} boat")
    with pytest.raises(GroupNotFoundError):
        contact_sheet(bob, jobs[0].group_id)
