"""What rooms above may listen to.

image_finalized(sender=Image, image=Image): a picture and its files exist, sent once after commit. A
listener that misses it must find the picture by itself later: signals are not kept.
"""

from django.dispatch import Signal

image_finalized = Signal()
