"""Names of the groups that carry events."""


def user_group(user_id: int) -> str:
    """The group of one person's own jobs. Its members are that person's sockets, checked when they join."""
    return f"user.{user_id}"
