"""The rows of the gallery."""

from gallery.models.audit import AuditEntry
from gallery.models.comment import Comment
from gallery.models.decision import Appeal, Consequence, Decision, Deed, Strike
from gallery.models.leaving import Leaving
from gallery.models.notification import Digest, Notification, NotificationKind, NotificationPerson, NotificationSettings
from gallery.models.profile import Profile, SpotlightItem
from gallery.models.publication import Publication
from gallery.models.report import Reason, Report, TargetKind
from gallery.models.standing import Block, Follow, Mute

__all__ = [
    "Appeal",
    "AuditEntry",
    "Block",
    "Comment",
    "Consequence",
    "Decision",
    "Deed",
    "Digest",
    "Follow",
    "Leaving",
    "Mute",
    "Notification",
    "NotificationKind",
    "NotificationPerson",
    "NotificationSettings",
    "Profile",
    "Publication",
    "Reason",
    "Report",
    "SpotlightItem",
    "Strike",
    "TargetKind",
]
