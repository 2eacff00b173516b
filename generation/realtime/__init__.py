"""Websockets: one per open page, carrying the events of its person. Rights are checked when it joins."""
