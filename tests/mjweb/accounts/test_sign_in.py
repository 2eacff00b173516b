"""Signing in and out, and passwords that change."""

import re

from django.urls import reverse

PASSWORD = "correct horse"  # what the cast's alice has
NEW = "gentle otter 42"


def sign_in(client, login: str = "alice", password: str = PASSWORD, **fields: str):
    return client.post(reverse("account_login"), {"login": login, "password": password, **fields})


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_name_in_any_case_or_an_address_signs_in(client, alice):
    for login in ("alice", "Alice", "alice@example.com"):
        assert sign_in(client, login).url == reverse("create")
        client.logout()


def test_signing_in_leads_back_to_where_the_person_wanted_to_go(client, alice):
    wanted = client.get(reverse("my-images")).url
    assert f'value="{reverse("my-images")}"' in client.get(wanted).text
    assert sign_in(client, next=reverse("my-images")).url == reverse("my-images")


def test_it_never_leads_to_another_site(client, alice):
    assert sign_in(client, next="https://evil.example/").url == reverse("create")


def test_a_wrong_password_keeps_the_name_and_says_what_to_do(client, alice):
    response = sign_in(client, password="wrong")
    assert not is_signed_in(client)
    assert 'value="alice"' in response.text
    assert "do not belong together" in response.text
    assert reverse("account_reset_password") in response.text


def test_whoever_does_not_stay_signed_in_is_forgotten_with_the_browser(client, alice):
    sign_in(client)
    assert client.session.get_expire_at_browser_close()
    client.logout()
    sign_in(client, remember="on")
    assert not client.session.get_expire_at_browser_close()


def test_signing_out_needs_a_button_and_leads_to_explore(client, alice):
    client.force_login(alice)
    assert "Sign out" in client.get(reverse("account_logout")).text
    assert is_signed_in(client)
    assert client.post(reverse("account_logout")).url == reverse("explore")
    assert not is_signed_in(client)


def test_a_changed_password_works_at_once_and_the_person_stays(client, alice):
    client.force_login(alice)
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post(reverse("account_change_password"), fields)
    assert is_signed_in(client)
    alice.refresh_from_db()
    assert alice.check_password(NEW)


def test_the_present_password_is_needed_to_change_it(client, alice):
    client.force_login(alice)
    fields = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    response = client.post(reverse("account_change_password"), fields)
    assert "That is not your present password." in response.text
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_a_mailed_link_sets_a_new_password_once(client, alice, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": "alice@example.com"}, follow=True)
    (mail,) = mailoutbox
    assert mail.subject == "mjweb: Set a new password"
    link = re.search(r"http://testserver(/\S+)", mail.body)[1]
    form = client.get(link, follow=True)
    response = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)
    assert "Password set" in response.text
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert "This link no longer works" in client.get(link, follow=True).text


def test_nobody_learns_whether_an_address_has_an_account(client, alice, mailoutbox):
    pages = [
        client.post(reverse("account_reset_password"), {"email": email}, follow=True).text
        for email in ("alice@example.com", "nobody@example.com")
    ]
    bodies = [re.sub(r"csrf\S+|\S*[Tt]oken\S*( \S+)?", "", page) for page in pages]
    assert bodies[0] == bodies[1]
    assert "no account here has the address nobody@example.com" in mailoutbox[1].body
