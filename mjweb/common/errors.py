"""The root of every failure that a person or a program is told about. Knows no Django.

MjwebError
├── NotFoundError            404  it does not exist, or not for you: the answer is the same
├── InvalidInputError        422  the request is understood and wrong
├── ConflictError            409  the thing is in another state than the request supposes
├── TooManyRequestsError     429  a limit of this person is reached
└── UnavailableError         503  a part of the server is not ready
"""

from __future__ import annotations

from typing import Any, ClassVar

from mjweb.common.saying import say, sayable


class MjwebError(Exception):
    """A failure with a code for programs, a sentence for people and a status for HTTP.

    sentence: as `say` tells it; the title of the class is told in the same language.
    fields: further JSON values for programs (a column, a limit, a fix); `retry_after_s` becomes a header as well.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    title: str = sayable("This did not work")

    def __init__(self, sentence: str, **fields: Any) -> None:
        super().__init__(sentence)
        self.title = say(self.title)
        self.sentence = sentence
        self.fields = fields

    def as_problem(self) -> dict[str, Any]:
        """The body of RFC 9457 (`application/problem+json`) with our stable `code`."""
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.sentence,
            **self.fields,
        }


class NotFoundError(MjwebError):
    """The thing does not exist, or not for this person."""

    code = "not_found"
    status = 404
    title = sayable("Not found")


class InvalidInputError(MjwebError):
    """The request is understood and wrong."""

    code = "invalid_input"
    status = 422
    title = sayable("The request is not valid")


class ConflictError(MjwebError):
    """The thing is in another state than the request supposes."""

    code = "conflict"
    status = 409
    title = sayable("This does not fit the present state")


class TooManyRequestsError(MjwebError):
    """A limit of this person is reached."""

    code = "too_many_requests"
    status = 429
    title = sayable("A limit is reached")


class UnavailableError(MjwebError):
    """A part of the server is not ready; the same request will work later."""

    code = "unavailable"
    status = 503
    title = sayable("Not ready")
