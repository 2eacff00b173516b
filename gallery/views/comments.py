"""Comments below a picture: fragments for htmx, and whole pages without it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.errors import CommentNotFoundError, CommentRefusedError
from gallery.models import Comment
from gallery.selectors import comments as selectors
from gallery.services import commenting
from mjweb.accounts.people import person
from mjweb.common.access import browsing, member
from mjweb.common.errors import InvalidInputError, MjwebError


@browsing
@require_safe
@vary_on_headers("HX-Request")
@never_cache  # a step back must show what was said in the meantime
def comments(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """What was said below a picture; for htmx the list alone, with `cursor` what follows in it."""
    return _page(request, image_id)


@browsing
@require_safe
@vary_on_headers("HX-Request")
@never_cache
def comment(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """One comment with its answers, at an address of its own; for htmx the comment alone, as it is now."""
    if "HX-Request" not in request.headers:
        return _thread(request, comment_id)
    shown = selectors.comment_for(request.user, comment_id)
    return render(request, "gallery/_comment_again.html", _seen(request, shown))


@browsing
@require_safe
def answers(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Further answers to a comment, those after `cursor`; without a script, the comment's own page."""
    if "HX-Request" not in request.headers:
        return redirect("comment", comment_id)
    above = selectors.place_of(request.user, comment_id)
    page = selectors.answers_page(request.user, above, cursor=request.GET.get("cursor"), without=_fresh(request))
    return render(request, "gallery/_answers.html", {**_seen(request, above), "above": above, "page": page})


@member
@require_safe
def answer(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """The form of an answer."""
    above = selectors.comment_for(person(request), comment_id)
    if "HX-Request" not in request.headers:
        return _thread(request, comment_id, answering=above)
    return render(request, "gallery/_answer_form.html", {"above": above})


@member
@require_POST
def post(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """Post: below the picture, or with `answered` as the answer to a comment there."""
    text, answered = request.POST.get("text", ""), _id(request.POST.get("answered", ""))
    try:
        made = commenting.post_comment(person(request), image_id, text, answered=answered)
    except MjwebError as error:
        if "HX-Request" in request.headers:
            raise
        return _refused(request, image_id, answered, text, error)
    if "HX-Request" not in request.headers:
        return redirect(f"{reverse('comment', args=[made.pk])}#comment-{made.pk}")
    return _told(request, "gallery/_posted.html", made, _("Your comment is posted."))


@member
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """The form of an edit; a POST is its end."""
    text = request.POST.get("text", "")
    if request.method != "POST":
        return _edit_form(request, selectors.own_comment(person(request), comment_id))
    try:
        edited = commenting.edit_comment(person(request), comment_id, text)
    except CommentRefusedError as error:
        if "HX-Request" in request.headers:
            raise
        return _edit_form(request, selectors.own_comment(person(request), comment_id), typed=text, error=error)
    if "HX-Request" not in request.headers:
        return redirect(f"{reverse('comment', args=[edited.pk])}#comment-{edited.pk}")
    return render(request, "gallery/_comment_again.html", _seen(request, edited))


@member
@require_POST
def delete(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Delete: one's own, or what others said below one's own picture. Where it has answers its place stays."""
    gone = commenting.delete_comment(person(request), comment_id)
    if "HX-Request" not in request.headers:
        return redirect("comments", gone.publication.image_id)
    is_place = selectors.has_answers(person(request), gone)
    response = _told(request, "gallery/_deleted.html", gone, _("The comment is deleted."), is_place=is_place)
    if is_place:
        response["HX-Retarget"] = f"#comment-{gone.pk}"
    return response


def _page(request: HttpRequest, image_id: UUID, *, typed: str = "", error: MjwebError | None = None) -> HttpResponse:
    """The talk below a picture, with what somebody typed in vain."""
    publication = selectors.publication_of(request.user, image_id)
    cursor = request.GET.get("cursor")
    talk = selectors.talk(request.user, publication, cursor=cursor, without=_fresh(request))
    context = {"talk": talk, "typed": typed, "error": error}
    if "HX-Request" in request.headers:
        return render(request, "gallery/_threads.html" if cursor else "gallery/_talk.html", context)
    return render(request, "gallery/comments.html", context, status=error.status if error else 200)


def _thread(request: HttpRequest, comment_id: UUID, *, error: MjwebError | None = None, **form: Any) -> HttpResponse:
    """The page of one comment and its answers, with the form of an answer or an edit in it."""
    talk = selectors.thread_talk(request.user, comment_id)
    context = {"talk": talk, "alone": True, "error": error, **form}
    return render(request, "gallery/comments.html", context, status=error.status if error else 200)


def _refused(
    request: HttpRequest, image_id: UUID, answered: UUID | None, typed: str, error: MjwebError
) -> HttpResponse:
    """The page where somebody typed, with the text in its place and why it was not taken."""
    if answered is None or isinstance(error, CommentNotFoundError):
        return _page(request, image_id, typed=typed, error=error)
    above = selectors.comment_for(request.user, answered)
    return _thread(request, answered, error=error, answering=above, typed=typed)


def _edit_form(
    request: HttpRequest, comment: Comment, *, typed: str = "", error: MjwebError | None = None
) -> HttpResponse:
    if "HX-Request" in request.headers:
        return render(request, "gallery/_edit_form.html", {"comment": comment})
    return _thread(request, comment.pk, error=error, editing=comment, typed=typed)


def _told(request: HttpRequest, template: str, comment: Comment, sentence: str, **further: Any) -> HttpResponse:
    """A fragment, and beside it the new number of comments and a sentence for whoever does not see them."""
    comment.publication.refresh_from_db(fields=["comments_count"])
    return render(request, template, {**_seen(request, comment), "sentence": sentence, **further})


def _seen(request: HttpRequest, comment: Comment) -> dict[str, Any]:
    """What the fragment of a comment is drawn from."""
    clears = selectors.may_clear(request.user, comment.publication)
    return {"comment": comment, "publication": comment.publication, "clears": clears}


def _fresh(request: HttpRequest) -> list[UUID]:
    """Comments that were posted from this very page and stand in it already."""
    found = (_id(text) for text in request.GET.getlist("fresh"))
    return [one for one in found if one]


def _id(text: str) -> UUID | None:
    """An id as a form sends it.

    Raises:
        InvalidInputError: it is none.
    """
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise InvalidInputError(_("This is no id.")) from error
