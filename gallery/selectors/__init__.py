"""What the gallery's pages read: one file per theme. Every question begins with the person who asks."""

from gallery.selectors.feeds import FEED_SIZE, Feed, Within, author_feed, explore_feed, style_feed
from gallery.selectors.images import ImagePage, image_page

__all__ = [
    "FEED_SIZE",
    "Feed",
    "ImagePage",
    "Within",
    "author_feed",
    "explore_feed",
    "image_page",
    "style_feed",
]
