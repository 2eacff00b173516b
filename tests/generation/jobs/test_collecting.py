"""Collections and saved searches."""

from __future__ import annotations

import uuid

import pytest

from generation.errors import (
    CollectionNotFoundError,
    CollectionRefusedError,
    SavedSearchNotFoundError,
    SearchRefusedError,
)
from generation.jobs import collecting, organizing
from generation.jobs.collecting import create_collection, folders_of, keep_search
from generation.models import Collection, SavedSearch
from tests.factories import finished_job


def tree(user) -> list[str]:
    return ["/".join(folder.path) for folder in folders_of(user)]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, 'a "b"', "COAST", " coast "])
def test_a_name_that_cannot_be_had_is_refused(alice, name):
    create_collection(alice, "Coast")
    with pytest.raises(CollectionRefusedError):
        create_collection(alice, name)


def test_names_are_ones_own(alice, bob):
    create_collection(alice, "Coast")
    assert create_collection(bob, "  the\tcoast ").name == "the coast"
    assert create_collection(bob, "Coast").owner == bob


def test_they_stand_in_order_each_behind_the_one_it_lies_in(alice):
    trips, other = create_collection(alice, "Trips"), create_collection(alice, "Other")
    create_collection(alice, "Rome", parent_id=trips.pk)
    create_collection(alice, "Oslo", parent_id=trips.pk)
    assert tree(alice) == ["Trips", "Trips/Rome", "Trips/Oslo", "Other"]
    collecting.move_collection(alice, other.pk, parent_id=trips.pk)
    assert tree(alice) == ["Trips", "Trips/Rome", "Trips/Oslo", "Trips/Other"]
    collecting.move_collection(alice, other.pk, parent_id=None)
    assert tree(alice) == ["Trips", "Trips/Rome", "Trips/Oslo", "Other"]
    assert [folder.depth for folder in folders_of(alice)] == [0, 1, 1, 0]


def test_they_are_put_earlier_and_later_among_their_own(alice):
    one, two, three = (create_collection(alice, name) for name in ("1", "2", "3"))
    create_collection(alice, "inner", parent_id=two.pk)
    for collection, by, order in (
        (three, -1, ["1", "3", "2", "2/inner"]),
        (three, -1, ["3", "1", "2", "2/inner"]),
        (three, -1, ["3", "1", "2", "2/inner"]),
        (one, 1, ["3", "2", "2/inner", "1"]),
        (one, 1, ["3", "2", "2/inner", "1"]),
    ):
        collecting.shift_collection(alice, collection.pk, by=by)
        assert tree(alice) == order


def test_none_lies_in_itself_nor_too_deep(alice):
    chain = [create_collection(alice, "0")]
    for name in "123":
        chain.append(create_collection(alice, name, parent_id=chain[-1].pk))
    with pytest.raises(CollectionRefusedError, match="4 deep"):
        create_collection(alice, "4", parent_id=chain[-1].pk)
    for inner in (chain[0], chain[2]):
        with pytest.raises(CollectionRefusedError, match="in itself"):
            collecting.move_collection(alice, chain[0].pk, parent_id=inner.pk)
    alone = create_collection(alice, "alone")
    with pytest.raises(CollectionRefusedError, match="4 deep"):
        collecting.move_collection(alice, chain[0].pk, parent_id=alone.pk)
    assert tree(alice) == ["0", "0/1", "0/1/2", "0/1/2/3", "alone"]


def test_deleting_one_keeps_its_pictures_and_what_lay_in_it(alice, checkpoint):
    images = [image.pk for image in finished_job(alice).images.all()]
    outer = create_collection(alice, "Outer")
    middle = create_collection(alice, "Middle", parent_id=outer.pk)
    create_collection(alice, "Inner", parent_id=middle.pk)
    organizing.collect_images(alice, middle.pk, images)
    collecting.delete_collection(alice, middle.pk)
    assert tree(alice) == ["Outer", "Outer/Inner"]
    assert alice.images.count() == 4


def test_its_cover_is_the_picture_that_came_last(alice, checkpoint):
    first, second = list(finished_job(alice).images.order_by("index"))[:2]
    coast = create_collection(alice, "Coast")
    assert folders_of(alice)[0].cover is None
    organizing.collect_images(alice, coast.pk, [first.pk])
    organizing.collect_images(alice, coast.pk, [second.pk])
    assert (folders_of(alice)[0].cover, folders_of(alice)[0].pictures) == (second.pk, 2)
    organizing.trash_images(alice, [second.pk])
    assert (folders_of(alice)[0].cover, folders_of(alice)[0].pictures) == (first.pk, 1)


def test_a_new_name_is_followed_by_saved_searches(alice):
    coast = create_collection(alice, "Coast")
    keep_search(alice, "mine", "in:COAST -is:liked coast")
    collecting.rename_collection(alice, coast.pk, "My coast")
    assert SavedSearch.objects.get().query == 'in:"My coast" -is:liked coast'
    assert collecting.rename_collection(alice, coast.pk, "MY coast").name == "MY coast"


def test_changing_name_and_place_is_one_thing(alice):
    create_collection(alice, "Taken")
    outer, inner = create_collection(alice, "Outer"), create_collection(alice, "Inner")
    with pytest.raises(CollectionRefusedError):
        collecting.change_collection(alice, inner.pk, name="taken", parent=outer.pk)
    assert tree(alice) == ["Taken", "Outer", "Inner"]
    collecting.change_collection(alice, inner.pk, name="New", parent=outer.pk)
    assert tree(alice) == ["Taken", "Outer", "Outer/New"]


def test_those_of_others_do_not_exist(alice, bob):
    theirs = create_collection(bob, "Coast")
    search = keep_search(bob, "mine", "boat")
    with pytest.raises(CollectionNotFoundError):
        create_collection(alice, "Inner", parent_id=theirs.pk)
    for deed in (
        lambda: collecting.rename_collection(alice, theirs.pk, "x"),
        lambda: collecting.move_collection(alice, theirs.pk, parent_id=None),
        lambda: collecting.delete_collection(alice, theirs.pk),
        lambda: collecting.shift_collection(alice, theirs.pk, by=1),
    ):
        with pytest.raises(CollectionNotFoundError):
            deed()
    for wrong in (search.pk, uuid.uuid4()):
        with pytest.raises(SavedSearchNotFoundError):
            collecting.forget_search(alice, wrong)
    assert Collection.objects.count() == SavedSearch.objects.count() == 1


def test_there_is_an_end_to_them(alice, monkeypatch):
    monkeypatch.setattr(collecting, "MOST_COLLECTIONS", 1)
    monkeypatch.setattr(collecting, "MOST_SEARCHES", 1)
    create_collection(alice, "one")
    keep_search(alice, "one", "boat")
    with pytest.raises(CollectionRefusedError):
        create_collection(alice, "two")
    with pytest.raises(CollectionRefusedError):
        keep_search(alice, "two", "boat")
    assert keep_search(alice, "ONE", "cat").query == "cat"
    assert SavedSearch.objects.get().name == "ONE"


def test_a_search_is_kept_in_its_canonical_form_or_refused(alice):
    assert keep_search(alice, "wide", "Ratio:16x9  boat").query == "ar:16:9 boat"
    with pytest.raises(SearchRefusedError):
        keep_search(alice, "wrong", "modle:x")
    with pytest.raises(CollectionRefusedError):
        keep_search(alice, "all", "  ")


def test_the_shelf_costs_one_query(alice, django_assert_num_queries):
    for number in range(3):
        create_collection(alice, str(number))
    with django_assert_num_queries(1):
        folders_of(alice)
