"""What rooms above may listen to.

images_finalized(sender=Job, images=[Image, ...]): the pictures of a job and their files exist, sent once after commit.
visibility_changed(sender=Image, images=[Image, ...]): their owner shows or hides these, sent once after commit. A room
above that does it itself sends its own model instead, so that the pages of the owner hear of it.
prompt_blocked(sender=Job, job=Job, rule=Rule): a rule kept a prompt from being painted, sent once after commit.
images_liked(sender=Like, images=[Image, ...], person=User): this person likes these, and did not before; sent once
after commit.
A listener that misses them must find the pictures by itself later: signals are not kept.
"""

from django.dispatch import Signal

images_finalized = Signal()
visibility_changed = Signal()
images_liked = Signal()
prompt_blocked = Signal()
