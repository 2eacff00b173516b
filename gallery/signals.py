"""What happens between people in the gallery: whoever does it sends a signal after commit, whoever tells of it listens.

All are sent with `transaction.on_commit(partial(signal.send_robust, sender=…, …))`, and are not kept: a listener that
misses one has missed it.

liked(sender=Like, publication: Publication, person: User): `person` likes the picture, and did not before.
commented(sender=Comment, comment: Comment): a comment, or an answer to one, was posted.
remixed(sender=Image, image: Image, source: Image): `image` was made from somebody's public `source` and is finished.
followed(sender=Follow, follow: Follow): a person follows another, and did not before.
mentioned(sender=Comment, comment: Comment, people: Sequence[User]): a comment names these people for the first time.
decided(sender=Decision, decision: Decision): a moderator has decided about somebody's picture, comment or account.
"""

from django.dispatch import Signal

liked = Signal()
commented = Signal()
remixed = Signal()
followed = Signal()
mentioned = Signal()
decided = Signal()
