"""The failures of this room, as a family.

GalleryError (mjweb.common.errors.MjwebError)
├── PublicationNotFoundError    404  nobody shows such a picture, or not to you
├── CommentNotFoundError        404  no such comment, or not for you
├── CommentRefusedError         422  nobody may say this
├── TooManyCommentsError        429  this person said too much within a minute
├── ReportRefusedError          422  this cannot be reported
├── TooManyReportsError         429  this person reported too much within an hour
├── CaseNotFoundError           404  nobody has reported such a thing
├── RuleNotFoundError           404  no such rule
├── RuleRefusedError            422  nobody may have such a rule
├── DecisionNotFoundError       404  no such decision, or not about you
├── DecisionRefusedError        422  this cannot be decided so
├── DecisionTakenError          409  somebody has decided meanwhile, or said all there is to say
├── PersonNotFoundError         404  nobody has this name, or not for you
├── OneselfError                409  nobody follows, blocks or mutes themselves
├── KeepsOrderError             409  a moderator can be muted, and not be blocked
├── ProfileRefusedError         422  nobody may say or show this on their page
├── LeavingRefusedError         422  what was typed does not delete the account
└── LastAdministratorError      409  nobody would be left to run the server
"""

from __future__ import annotations

from mjweb.common.errors import MjwebError
from mjweb.common.saying import sayable


class GalleryError(MjwebError):
    """The root of this room's failures."""

    code = "gallery_error"


class PublicationNotFoundError(GalleryError):
    """Nobody shows such a picture, or not to this person."""

    code = "publication_not_found"
    status = 404
    title = sayable("Not found")


class CommentNotFoundError(GalleryError):
    """No such comment, or not for this person."""

    code = "comment_not_found"
    status = 404
    title = sayable("Not found")


class CommentRefusedError(GalleryError):
    """Nobody may say this here."""

    code = "comment_refused"
    status = 422
    title = sayable("Not said")


class TooManyCommentsError(GalleryError):
    """This person said too much within a minute."""

    code = "too_many_comments"
    status = 429
    title = sayable("Slow down")


class ReportRefusedError(GalleryError):
    """This cannot be reported, or not so."""

    code = "report_refused"
    status = 422
    title = sayable("Not reported")


class TooManyReportsError(GalleryError):
    """This person reported too much within an hour."""

    code = "too_many_reports"
    status = 429
    title = sayable("Slow down")


class CaseNotFoundError(GalleryError):
    """Nobody has reported such a thing."""

    code = "case_not_found"
    status = 404
    title = sayable("Not found")


class DecisionNotFoundError(GalleryError):
    """No such decision, or not about this person."""

    code = "decision_not_found"
    status = 404
    title = sayable("Not found")


class DecisionRefusedError(GalleryError):
    """This cannot be decided so."""

    code = "decision_refused"
    status = 422
    title = sayable("Not decided")


class DecisionTakenError(GalleryError):
    """Somebody has decided meanwhile, or all there is to say was said."""

    code = "decision_taken"
    status = 409
    title = sayable("Decided already")


class PersonNotFoundError(GalleryError):
    """Nobody has this name, or not for the person who asks."""

    code = "person_not_found"
    status = 404
    title = sayable("Not found")


class OneselfError(GalleryError):
    """Nobody follows, blocks or mutes themselves."""

    code = "oneself"
    status = 409
    title = sayable("That is you")


class KeepsOrderError(GalleryError):
    """Whoever keeps order can be muted, and not be blocked."""

    code = "keeps_order"
    status = 409
    title = sayable("Not possible")


class ProfileRefusedError(GalleryError):
    """Nobody may say or show this on their page."""

    code = "profile_refused"
    status = 422
    title = sayable("Not kept")


class LeavingRefusedError(GalleryError):
    """What was typed does not delete this account."""

    code = "leaving_refused"
    status = 422
    title = sayable("Nothing was deleted")


class RuleNotFoundError(GalleryError):
    """No such rule."""

    code = "rule_not_found"
    status = 404
    title = sayable("Not found")


class RuleRefusedError(GalleryError):
    """Nobody may have such a rule."""

    code = "rule_refused"
    status = 422
    title = sayable("Not saved")


class LastAdministratorError(GalleryError):
    """Nobody would be left to run the server."""

    code = "last_administrator"
    status = 409
    title = sayable("Nothing was deleted")
