"""What rooms above may listen to.

images_finalized(sender=Job, images=[Image, ...]): the pictures of a job and their files exist, sent once after commit.
A listener that misses them must find the pictures by itself later: signals are not kept.
"""

from django.dispatch import Signal

images_finalized = Signal()
