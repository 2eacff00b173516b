"""API tokens: the command that makes them, and what they open."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from mjweb.accounts.authentication import TokenAuthentication
from mjweb.accounts.models import ApiToken, User


def authenticate(header: str):
    return TokenAuthentication().authenticate(APIRequestFactory().get("/", headers={"Authorization": header}))


def new_token(*arguments: str) -> str:
    printed = StringIO()
    call_command("create_token", *arguments, stdout=printed)
    return printed.getvalue().strip()


def test_the_command_prints_a_token_that_acts_as_its_owner(alice):
    secret = new_token("ALICE")
    assert secret.startswith("mjw_")
    owner, token = authenticate(f"Bearer {secret}")
    assert owner == alice
    assert token.last_used_at is None
    assert ApiToken.objects.get().last_used_at is not None


def test_the_secret_is_not_kept(alice):
    secret = new_token("alice")
    stored = ApiToken.objects.values().get()
    assert secret not in map(str, stored.values())


def test_an_unknown_name_is_refused_and_made_only_when_asked(db):
    with pytest.raises(CommandError, match="Nobody is called carol"):
        new_token("carol")
    assert authenticate(f"Bearer {new_token('carol', '--create')}")[0].username == "carol"
    assert not User.objects.get().has_usable_password()


def test_the_first_person_of_a_fresh_server_is_administrator_also_by_command(db):
    new_token("carol", "--create")
    new_token("dave", "--create")
    assert list(User.objects.order_by("pk").values_list("username", "is_superuser")) == [
        ("carol", True),
        ("dave", False),
    ]


def test_requests_without_a_bearer_token_are_left_to_other_ways(db):
    assert authenticate("") is None
    assert authenticate("Basic YTpi") is None


@pytest.mark.parametrize("change", ["revoke", "expire", "switch off", "alter"])
def test_a_token_that_is_no_longer_good_is_refused(alice, change):
    secret = new_token("alice")
    now = timezone.now()
    if change == "revoke":
        ApiToken.objects.update(revoked_at=now)
    elif change == "expire":
        ApiToken.objects.update(expires_at=now - timedelta(seconds=1))
    elif change == "switch off":
        User.objects.update(is_active=False)
    else:
        secret += "x"
    with pytest.raises(AuthenticationFailed):
        authenticate(f"Bearer {secret}")
