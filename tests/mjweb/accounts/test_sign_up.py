"""Making an account."""

import pytest
from django.urls import reverse

from mjweb.accounts.models import User

PASSWORD = "gentle otter 42"


def sign_up(client, username: str, email: str | None = None, password: str = PASSWORD):
    fields = {"username": username, "email": email or f"{username}@example.com".lower(), "password1": password}
    return client.post(reverse("account_signup"), fields)


def test_the_first_account_becomes_administrator_and_is_signed_in(client, db):
    response = sign_up(client, "carol")
    assert response.url == reverse("create")
    carol = User.objects.get(username="carol")
    assert carol.is_superuser
    assert carol.is_staff
    assert client.session["_auth_user_id"] == str(carol.pk)


def test_the_second_account_does_not(client, alice):
    sign_up(client, "carol")
    carol = User.objects.get(username="carol")
    assert not carol.is_superuser
    assert not carol.is_staff


def test_names_that_differ_in_case_alone_are_refused_and_the_text_is_kept(client, alice):
    response = sign_up(client, "ALICE", "other@example.com")
    assert User.objects.count() == 1
    assert "Somebody here has this name already" in response.text
    assert 'value="ALICE"' in response.text
    assert 'value="other@example.com"' in response.text


def test_an_address_serves_one_account(client, alice):
    response = sign_up(client, "carol", "Alice@Example.com")
    assert User.objects.count() == 1
    assert "An account with this address exists" in response.text


@pytest.mark.parametrize("password", ["short", "password123", "carolina"])
def test_weak_passwords_are_refused_where_they_stand_and_never_sent_back(client, db, password):
    response = sign_up(client, "carolina", password=password)
    assert not User.objects.exists()
    assert 'aria-describedby="id_password1-hint"' in response.text
    assert f'value="{password}"' not in response.text.replace('value="carolina"', "", 1)


def test_the_error_replaces_the_hint(client, db):
    hint = "Others see it beside your public pictures."
    assert hint in client.get(reverse("account_signup")).text
    assert hint not in sign_up(client, "no spaces", "carol@example.com").text


@pytest.mark.parametrize("name", ["admin", "API"])
def test_names_that_sound_official_are_refused(client, db, name):
    sign_up(client, name)
    assert not User.objects.exists()
