"""Which names people may take, at every door where an account is made."""
# ruff: noqa: RUF001 - letters that look like others are what this is about

from http import HTTPStatus
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from mjweb.accounts.names import NameRefusedError, readable_name, skeleton
from mjweb.accounts.services import NameTakenError, new_name

User = get_user_model()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ann", "ann"),
        ("  Ann_B-2.c ", "Ann_B-2.c"),
        ("Ａｎｎ", "Ann"),
        ("e\u0301lodie", "élodie"),
        ("小明", "小明"),
        ("小明ann", "小明ann"),
        ("ひろし", "ひろし"),
        ("김철수", "김철수"),
        ("маша", "маша"),
        ("मीरा", "मीरा"),
        ("7of9", "7of9"),
    ],
)
def test_names_of_living_languages_are_kept_in_their_usual_form(typed, kept):
    assert readable_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("a", "2 to 40"),
        ("a" * 41, "2 to 40"),
        ("ann b", "letters, digits"),
        ("ann@b", "“@”"),
        ("ann/b", "“/”"),
        ("an\u200bn", "letters, digits"),
        ("ann\u202e", "letters, digits"),
        ("a\u0336nn", "letters, digits"),
        ("ɑnn", "letters, digits"),
        ("٣ann", "letters, digits"),
        ("-ann", "begins and ends"),
        ("ann.", "begins and ends"),
        ("2026", "a letter in it"),
        ("20_26", "a letter in it"),
        ("аnn", "one script"),
        ("αλεx", "one script"),
        ("カдa", "one script"),
        ("admin", "sounds official"),
        ("Adm1n", "sounds official"),
        ("ad-min", "sounds official"),
        ("m0derator", "sounds official"),
        ("mjweb", "sounds official"),
    ],
)
def test_other_names_are_refused_with_the_reason(typed, why):
    with pytest.raises(NameRefusedError, match=why):
        readable_name(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "aIice"),
        ("alice", "a1ice"),
        ("arnold", "amold"),
        ("anna.b", "anna_b"),
        ("bob", "b0b"),
        ("ape", "аре"),
        ("oxo", "охо"),
        ("エロ", "工口"),
        ("Anna", "anna"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


def test_names_that_people_tell_apart_do_not(db):
    names = ["anna", "anne", "ann", "élodie", "elodie", "小明", "小名", "ian", "lan"]
    assert len({skeleton(name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ["ALICE", "aIice", "a1ice"])
def test_a_name_that_looks_like_somebodys_is_taken(alice, name):
    with pytest.raises(NameTakenError):
        new_name(name)


def test_the_database_holds_it_too(alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("a1ice")
    bob = User.objects.create_user("b0b")
    bob.first_name = "Bob"
    bob.save()
    bob.username = "robert"
    bob.save(update_fields=["username"])
    assert User.objects.get(pk=bob.pk).looks == skeleton("robert")


@pytest.mark.parametrize(
    ("name", "why"), [("a1ice", "looks like this one"), ("support", "sounds official"), ("аnn", "one script")]
)
def test_the_page_says_so_beside_the_field_and_keeps_the_text(client, alice, name, why):
    fields = {"username": name, "email": "carol@example.com", "password1": "quiet orange lantern"}
    response = client.post(reverse("account_signup"), fields)
    assert why in response.text
    assert f'value="{name}"' in response.text
    assert User.objects.count() == 1


def test_a_name_is_kept_as_it_was_made_readable(client, db):
    fields = {"username": "Ｃａｒｏｌ", "email": "carol@example.com", "password1": "quiet orange lantern"}
    client.post(reverse("account_signup"), fields)
    assert User.objects.get().username == "Carol"


@pytest.mark.parametrize("name", ["a1ice", "root"])
def test_the_command_holds_to_it(alice, name):
    with pytest.raises(CommandError, match="Take another"):
        call_command("create_token", name, "--create")


def test_the_administration_holds_to_it(admin_client, alice):
    fields = {"username": "a1ice", "password1": "quiet orange lantern", "password2": "quiet orange lantern"}
    response = admin_client.post(reverse("admin:accounts_user_add"), {**fields, "usable_password": "true"})
    assert "looks like this one" in response.text


def test_people_who_looked_alike_before_keep_their_names(alice):
    older = User(username="a1ice")
    User.objects.bulk_create([older])
    older.refresh_from_db()
    assert older.looks is None
    older.full_clean(exclude=["password"])
    older.save()


def test_the_migration_gives_the_look_to_the_eldest(db):
    User.objects.bulk_create(User(username=name) for name in ("alice", "a1ice", "bob"))
    import_module("mjweb.accounts.migrations.0003_names_look").look_at_names(apps, None)
    assert dict(User.objects.values_list("username", "looks")) == {"alice": "alice", "a1ice": None, "bob": "bob"}


def test_whoever_is_a_moment_too_late_is_told(client, alice, monkeypatch):
    monkeypatch.setattr("mjweb.accounts.adapter.new_name", lambda typed: typed)
    fields = {"username": "a1ice", "email": "carol@example.com", "password1": "quiet orange lantern"}
    response = client.post(reverse("account_signup"), fields)
    assert response.status_code == HTTPStatus.CONFLICT
    assert "Somebody has just taken this name" in response.text
    assert User.objects.count() == 1
