"""Pages of this room: typed input, one service, answer."""
