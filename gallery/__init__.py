"""What people do with finished pictures: publish, look around, remix.

It knows generation; generation does not know it.
"""
