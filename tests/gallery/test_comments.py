"""What people say below a picture: who may, what is kept of it, and who hears of it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from gallery import signals
from gallery.errors import CommentNotFoundError, CommentRefusedError, PublicationNotFoundError, TooManyCommentsError
from gallery.mentions import named_in, pieces
from gallery.models import AuditEntry, Comment, Publication
from gallery.selectors.comments import ANSWERS_SHOWN, answers_page, publication_of, talk
from gallery.services import commenting
from gallery.services.commenting import delete_comment, edit_comment, post_comment
from gallery.services.publishing import publish_image, unpublish_image
from gallery.services.standing import block_person
from generation.models import Image
from mjweb.accounts.models import FOR_GOOD, User
from mjweb.accounts.suspension import SuspendedError
from tests.factories import finished_job
from tests.gallery.order import moderators

HERE = "You have said much"


@pytest.fixture
def image(alice, checkpoint) -> Image:
    image = finished_job(alice).images.get(index=1)
    publish_image(alice, image.pk)
    return image


@pytest.fixture
def carol(db) -> User:
    return User.objects.create_user("carol", "carol@example.com", "paper clip moon")


@pytest.fixture
def heard(django_capture_on_commit_callbacks):
    """What the signals say while something is done."""
    told = []

    def listen(sender, signal, **values):
        told.append({name: value for name, value in values.items() if name in {"comment", "people"}})

    for signal in (signals.commented, signals.mentioned):
        signal.connect(listen)
    yield told
    for signal in (signals.commented, signals.mentioned):
        signal.disconnect(listen)


def count(image: Image) -> int:
    return Publication.objects.get(image=image).comments_count


def said(user, image: Image) -> list[tuple[str, list[str]]]:
    threads = talk(user, publication_of(user, image.pk)).threads
    return [(thread.comment.text, [answer.text for answer in thread.answers]) for thread in threads]


def test_a_comment_stands_below_the_picture_and_an_answer_below_it(alice, bob, image):
    first = post_comment(bob, image.pk, "  The light!\r\n\r\n\r\n\r\nHow?  ")
    answer = post_comment(alice, image.pk, "By chance.", answered=first.pk)
    beside = post_comment(bob, image.pk, "@alice really?", answered=answer.pk)
    assert beside.answered == first
    assert said(AnonymousUser(), image) == [("The light!\n\nHow?", ["By chance.", "@alice really?"])]
    assert count(image) == 3


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b\u2060", "\x00\x07"])
def test_nothing_is_no_comment(bob, image, text):
    with pytest.raises(CommentRefusedError, match="Write something first"):
        post_comment(bob, image.pk, text)


def test_it_has_two_thousand_characters_at_most(bob, image):
    assert len(post_comment(bob, image.pk, "ab " * 666).text) == 1997
    with pytest.raises(CommentRefusedError, match=r"at most 2,000 characters; this one has 2,001"):
        post_comment(bob, image.pk, "a" * 2001)


def test_a_picture_that_is_not_shown_has_no_comments(alice, bob, checkpoint, image):
    post_comment(bob, image.pk, "Fine.")
    private = finished_job(alice, "a boat --stealth").images.get(index=1)
    for owner in (alice, bob):
        with pytest.raises(PublicationNotFoundError):
            post_comment(owner, private.pk, "Mine?")
    unpublish_image(alice, image.pk)
    with pytest.raises(PublicationNotFoundError):
        post_comment(bob, image.pk, "Still there?")
    publish_image(alice, image.pk)
    assert said(bob, image) == [("Fine.", [])]


def test_an_answer_is_below_the_same_picture(alice, bob, checkpoint, image):
    other = finished_job(alice).images.get(index=1)
    publish_image(alice, other.pk)
    there = post_comment(bob, other.pk, "There.")
    with pytest.raises(CommentNotFoundError):
        post_comment(bob, image.pk, "Here.", answered=there.pk)


def test_ten_a_minute_and_then_it_says_how_long_to_wait(bob, image):
    made = [post_comment(bob, image.pk, f"Number {number}.") for number in range(10)]
    with pytest.raises(TooManyCommentsError, match=HERE) as refused:
        post_comment(bob, image.pk, "One more.")
    assert 0 < refused.value.fields["retry_after_s"] <= 60
    delete_comment(bob, made[0].pk)
    with pytest.raises(TooManyCommentsError):
        post_comment(bob, image.pk, "Deleting makes no room.")
    Comment.objects.filter(pk=made[0].pk).update(created_at=made[0].created_at - commenting.MINUTE)
    assert post_comment(bob, image.pk, "Later.")


def test_whom_it_names_hears_of_it_once(alice, bob, carol, image, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        comment = post_comment(bob, image.pk, "@Alice, @bob and @nobody: look. mail@carol")
    assert heard == [{"comment": comment}, {"comment": comment, "people": [alice]}]
    heard.clear()
    with django_capture_on_commit_callbacks(execute=True):
        edit_comment(bob, comment.pk, "@alice and @carol!")
        edit_comment(bob, comment.pk, "@alice.")
        edit_comment(bob, comment.pk, "@alice and @carol again")
    assert [told["people"] for told in heard] == [[carol]]


def test_names_without_borders_are_read_as_far_as_somebody_has_them(db):
    assert [candidates[-1] for candidates in named_in("@小明你好, @bob. @ann@x")] == ["小", "bob", "ann"]
    shown = [(piece.kind, piece.text) for piece in pieces("@小明你好 https://a.b/c).", {"小明"})]
    assert shown == [("person", "@小明"), ("text", "你好 "), ("link", "https://a.b/c"), ("text", ").")]


def test_an_edit_says_so_and_the_same_text_does_not(alice, bob, image):
    comment = post_comment(bob, image.pk, "A boat.")
    assert edit_comment(bob, comment.pk, "A boat. ").edited_at is None
    assert edit_comment(bob, comment.pk, "A ship.").edited_at is not None
    with pytest.raises(CommentNotFoundError):
        edit_comment(alice, comment.pk, "Not mine.")
    assert said(alice, image) == [("A ship.", [])]


def test_a_deleted_comment_keeps_its_place_while_it_has_answers(alice, bob, image):
    first = post_comment(bob, image.pk, "First.")
    answer = post_comment(alice, image.pk, "Answer.", answered=first.pk)
    delete_comment(bob, first.pk)
    assert said(bob, image) == [("", ["Answer."])]
    assert count(image) == 1
    with pytest.raises(CommentNotFoundError):
        delete_comment(bob, first.pk)
    with pytest.raises(CommentNotFoundError):
        post_comment(bob, image.pk, "To nobody.", answered=first.pk)
    delete_comment(alice, answer.pk)
    assert said(bob, image) == []
    assert count(image) == 0


def test_whose_picture_it_is_and_moderators_clear_what_others_said(alice, bob, carol, image):
    comments = [post_comment(bob, image.pk, text) for text in ("One.", "Two.")]
    with pytest.raises(CommentNotFoundError):
        delete_comment(carol, comments[0].pk)
    delete_comment(alice, comments[0].pk)
    assert not AuditEntry.objects.exists()
    carol.groups.add(moderators())
    delete_comment(User.objects.get(pk=carol.pk), comments[1].pk)
    entry = AuditEntry.objects.get()
    assert (entry.actor_name, entry.person_name, entry.before) == ("carol", "bob", {"text": "Two."})


def test_people_who_block_each_other_do_not_meet(alice, bob, carol, image):
    post_comment(bob, image.pk, "Seen by all.")
    carols = post_comment(carol, image.pk, "Seen by some.")
    block_person(bob, "carol")
    assert said(bob, image) == [("Seen by all.", [])]
    assert said(carol, image) == [("Seen by some.", [])]
    assert len(said(alice, image)) == 2
    with pytest.raises(CommentNotFoundError):
        post_comment(bob, image.pk, "Hm.", answered=carols.pk)
    block_person(alice, "bob")
    with pytest.raises(PublicationNotFoundError):
        post_comment(bob, image.pk, "Hm.")


def test_whoever_is_suspended_says_nothing(bob, image):
    comment = post_comment(bob, image.pk, "Before.")
    bob.suspended_until = FOR_GOOD
    bob.save()
    with pytest.raises(SuspendedError):
        post_comment(bob, image.pk, "After.")
    with pytest.raises(SuspendedError):
        edit_comment(bob, comment.pk, "After.")


def test_of_many_answers_the_first_are_shown_and_the_others_are_asked_for(alice, bob, image):
    first = post_comment(bob, image.pk, "First.")
    texts = [f"Answer {number}." for number in range(6)]
    for text in texts:
        post_comment(alice, image.pk, text, answered=first.pk)
    (thread,) = talk(bob, publication_of(bob, image.pk)).threads
    assert [answer.text for answer in thread.answers] == texts[:ANSWERS_SHOWN]
    assert thread.further == 3
    page = answers_page(bob, first, cursor=thread.cursor)
    assert [answer.text for answer in page.rows] == texts[ANSWERS_SHOWN:]


def test_its_queries_do_not_grow_with_what_is_said(alice, bob, image, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(commenting, "PER_MINUTE", 1000)
    publication = publication_of(bob, image.pk)
    talk(bob, publication)  # whether he is a moderator is asked once
    for _ in range(3):
        first = post_comment(bob, image.pk, "@alice look")
        post_comment(alice, image.pk, "@bob yes", answered=first.pk)
        with django_assert_num_queries(5):
            for thread in talk(bob, publication).threads:
                assert [thread.comment.author.username, *(one.author.username for one in thread.answers)]
                assert [list(one.mentioned.all()) for one in [thread.comment, *thread.answers]]


def test_the_number_beside_the_picture_follows_hiding_and_leaving(alice, bob, image):
    post_comment(bob, image.pk, "One.")
    hidden = post_comment(bob, image.pk, "Two.")
    assert count(image) == 2
    Comment.objects.filter(pk=hidden.pk).update(hidden_at=hidden.created_at)
    assert count(image) == 1
    Comment.objects.filter(pk=hidden.pk).update(hidden_at=None)
    assert count(image) == 2
    bob.delete()
    assert count(image) == 0
    assert said(alice, image) == []
