"""Websockets: one per open page, carrying the snapshots of its person's jobs. Rights are checked when it joins."""
