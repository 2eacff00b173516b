"""What reports and decisions are about: a picture, a comment or a person, behind one face."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gallery.models import Comment, Decision, Report, TargetKind
from generation.models import Image
from mjweb.accounts.models import User

Thing = Image | Comment | User
COLUMNS = {TargetKind.PICTURE: "image", TargetKind.COMMENT: "comment", TargetKind.PERSON: "person"}


@dataclass(frozen=True, slots=True)
class Target:
    """One of the three. person: whose it is; None where whoever said it has left."""

    kind: TargetKind
    thing: Thing

    @classmethod
    def of(cls, row: Report | Decision) -> Target | None:
        """What a row is about; None where it is gone."""
        thing = getattr(row, COLUMNS[TargetKind(row.kind)])
        return cls(TargetKind(row.kind), thing) if thing is not None else None

    @property
    def person(self) -> User | None:
        """Whose it is."""
        if isinstance(self.thing, Image):
            return self.thing.owner
        return self.thing.author if isinstance(self.thing, Comment) else self.thing

    @property
    def key(self) -> UUID | int:
        """Its primary key."""
        return self.thing.pk

    @property
    def address_key(self) -> str:
        """How addresses name it: people by name, everything else by id."""
        return self.thing.username if isinstance(self.thing, User) else str(self.thing.pk)

    def is_of(self, row: Report | Decision) -> bool:
        """Whether a row is about this very thing."""
        return row.kind == self.kind and getattr(row, f"{COLUMNS[self.kind]}_id") == self.thing.pk

    @property
    def columns(self) -> dict[str, Thing]:
        """Where a report stores it."""
        return {COLUMNS[self.kind]: self.thing}
