"""Who may use which address: one row for each, of a few policies. An address without a row fails the build.

page            everybody.
browse          everybody, while visitors may look around.
member          whoever is signed in.
own             a thing of one's own: for others it does not exist.
picture         a picture, or what belongs to it, for whoever may open it by its address.
own-picture     what only the owner of a picture may do, whatever its state.
seen-picture    what everybody who is signed in may do with a picture that they may open.
embedded        a picture as other pages show it: what visitors may see, whoever asks.
clear           a comment below a picture: for whose it is, and for moderators who may open the picture.
person          somebody's page: for everybody but people whom they have blocked.
known           what somebody who is signed in may do to a person who has not blocked them.
moderator       whoever keeps order. administrator: whoever runs the server.
nowhere         nobody: without more than its address it names nothing.
signed          whoever has the signed link.
"""

from __future__ import annotations

from typing import Final

PEOPLE: Final = ("anonymous", "stranger", "follower", "blocked", "owner", "moderator", "admin")
STATES: Final = ("public", "unlisted", "sensitive", "private", "withheld", "trashed")
SIGNED_IN: Final = frozenset(PEOPLE) - {"anonymous"}
KEEPERS: Final = frozenset({"moderator", "admin"})

ROWS: Final[dict[str, str]] = {
    # Everybody.
    **dict.fromkeys(
        (
            "help",
            "prompt-styles",
            "manifest",
            "language",
            "healthz",
            "robots",
            "sitemap",
            "sitemap-pages",
            "feed-person",
        ),
        "page",
    ),
    **dict.fromkeys(("sitemap-pictures", "feed-new", "feed-hot", "api-schema", "api-docs", "sheet"), "page"),
    **dict.fromkeys(("explore", "search", "styles", "style"), "browse"),
    **dict.fromkeys(("oembed", "^.*$"), "nowhere"),
    "notifications-unsubscribe": "signed",
    # Pictures.
    **dict.fromkeys(("image", "image-original", "image-rendition", "image-download", "comments"), "picture"),
    **dict.fromkeys(("image-preview", "embed"), "embedded"),
    **dict.fromkeys(("comment", "comment-answers"), "picture"),
    **dict.fromkeys(
        ("image-upscale", "image-vary", "image-zoom", "image-pan", "image-square", "image-edit", "image-blend"),
        "seen-picture",
    ),
    **dict.fromkeys(("image-describe", "image-like", "comment-post"), "seen-picture"),
    **dict.fromkeys(("comment-answer", "report"), "seen-picture"),
    **dict.fromkeys(("image-publish", "image-unlist", "image-unpublish", "image-words"), "own-picture"),
    **dict.fromkeys(("image-trash", "image-restore", "comment-edit"), "own-picture"),
    "comment-delete": "clear",
    # One's own things.
    **dict.fromkeys(("job-card", "job-retry", "job-tiles", "job-cancel", "job-reroll", "job-rerun", "group"), "own"),
    **dict.fromkeys(("collection-rename", "collection-move", "collection-shift", "collection-delete"), "own"),
    **dict.fromkeys(("collection-add", "search-forget", "upload-thumbnail", "settings-drop", "my-appeal"), "own"),
    **dict.fromkeys(("notification",), "own"),
    # Members.
    **dict.fromkeys(
        (
            "create",
            "model-choose",
            "job-submit",
            "lanes",
            "prompt-check",
            "prompt-vocabulary",
            "prompt-shorten",
            "image-tell",
        ),
        "member",
    ),
    **dict.fromkeys(
        ("settings-panel", "settings-defaults", "settings-forget", "settings-suffix", "settings-set"), "member"
    ),
    **dict.fromkeys(("my-images", "images-like", "images-trash", "images-restore", "images-hide"), "member"),
    **dict.fromkeys(("images-publish", "images-unlist", "images-unpublish", "images-collect", "images-zip"), "member"),
    **dict.fromkeys(("collection-create", "search-save", "search-by-picture", "standing", "my-level"), "member"),
    **dict.fromkeys(("export", "export-download", "account-delete", "profile-edit", "profile-banner"), "member"),
    **dict.fromkeys(("spotlight-add", "spotlight-take", "spotlight-move", "spotlight-arrange"), "member"),
    **dict.fromkeys(("notifications", "notifications-read", "notifications-choices", "my-decisions"), "member"),
    **dict.fromkeys(("people-block", "api-person-block"), "member"),
    # People.
    **dict.fromkeys(("people", "people-spotlight", "people-likes", "people-followers", "people-following"), "person"),
    **dict.fromkeys(("people-follow", "people-mute"), "known"),
    # Order.
    **dict.fromkeys(("moderation", "moderation-appeals", "moderation-decisions", "moderation-rules"), "moderator"),
    **dict.fromkeys(("moderation-undo", "moderation-answer", "moderation-picture"), "moderator"),
    **dict.fromkeys(("moderation-case", "moderation-decide"), "moderator"),
    **dict.fromkeys(("moderation-rule-new", "moderation-rule", "moderation-rule-drop"), "administrator"),
    **dict.fromkeys(("moderation-trail", "moderation-dashboard"), "administrator"),
    # REST.
    **dict.fromkeys(("api-image", "api-comments", "api-comment"), "seen-picture"),
    **dict.fromkeys(("api-image-edit", "api-image-actions", "api-image-describe"), "seen-picture"),
    **dict.fromkeys(("api-publication", "api-publication-like", "image-heart"), "seen-picture"),
    **dict.fromkeys(("api-job", "api-job-cancel", "api-job-actions", "api-collection", "api-saved-search"), "own"),
    **dict.fromkeys(("api-option-set", "api-upload", "api-appeal"), "own"),
    **dict.fromkeys(("api-reports", "api-decisions"), "member"),
    **dict.fromkeys(("api-moderation-queue", "api-moderation-decide"), "moderator"),
    **dict.fromkeys(("api-jobs", "api-images", "api-organize", "api-blends", "api-collections"), "member"),
    **dict.fromkeys(("api-saved-searches", "api-adapters", "api-lanes", "api-models", "api-option-sets"), "member"),
    **dict.fromkeys(("api-preferences", "api-prompt-parse", "api-prompt-shorten", "api-uploads"), "member"),
    **dict.fromkeys(("api-publications", "api-notifications", "api-notifications-read", "api-search"), "member"),
    **dict.fromkeys(("api-person", "api-person-follow", "api-person-mute"), "known"),
}
"""One row for each address of the product, by its name."""

OF_PICTURES: Final = frozenset({"picture", "own-picture", "seen-picture", "embedded", "clear"})


def may_open(person: str, state: str) -> bool:
    """Whether somebody may open the owner's picture by its address."""
    if person == "owner":
        return True
    if state == "sensitive":
        return person not in {"anonymous", "blocked"}
    return state in {"public", "unlisted"} and person != "blocked"


def is_allowed(policy: str, person: str, state: str) -> bool:
    """What the address of this policy answers: True for anything but 404, sign-in and 401."""
    seen = may_open(person, state)
    return {
        "page": True,
        "nowhere": False,
        "signed": True,
        "browse": True,
        "member": person in SIGNED_IN,
        "own": person == "owner",
        "picture": seen,
        "own-picture": person == "owner",
        "seen-picture": seen and person in SIGNED_IN,
        "embedded": state in {"public", "unlisted"},
        "clear": person == "owner" or (person in KEEPERS and seen),
        "person": person != "blocked",
        "known": person in SIGNED_IN and person != "blocked",
        "moderator": person in KEEPERS,
        "administrator": person == "admin",
    }[policy]
