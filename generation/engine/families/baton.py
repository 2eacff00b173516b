"""A function that can only run from begin to end, run a piece at a time: on a thread of its own, which holds a baton.

The caller and the thread never run at once: `advance` hands the baton over and waits until it comes back. So the thread
may use what the caller owns, as if the caller itself had called the function.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

import torch

Result = TypeVar("Result")


class CanceledError(BaseException):
    """Unwinds the function; no error of its own, so that nothing in between takes it for one."""


class Baton(Generic[Result]):
    """One run of a function.

    result: what it returned; None until then.
    """

    def __init__(self, function: Callable[[Callable[[], None]], Result]) -> None:
        """Begin with nothing run.

        function: called with what it calls between two pieces.
        """
        self._function = function
        self._runs, self._waits = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, name="whole-pipeline", daemon=True)
        self._is_canceled = False
        self._error: BaseException | None = None
        self.result: Result | None = None

    def advance(self) -> None:
        """Run one more piece.

        Raises:
            Exception: What the function raised, now or before.
            RuntimeError: It was canceled.
        """
        if self._is_canceled:
            raise RuntimeError("This run was canceled.")
        if self._thread.ident is None:
            self._thread.start()
        if self._thread.is_alive() and self._error is None and self.result is None:
            self._runs.release()
            self._waits.acquire()
        if self._error is not None:
            raise self._error

    def cancel(self) -> None:
        """Let the function end where it is, and free what it holds; one that has ended or never began is no error."""
        self._is_canceled = True
        if self._thread.is_alive():
            self._runs.release()
            self._thread.join()

    def _run(self) -> None:
        try:
            self._pause_for_turn()
            with torch.inference_mode():  # every thread has its own
                self.result = self._function(self._give_back)
        except CanceledError:
            pass
        except BaseException as error:  # noqa: BLE001 -- handed to the caller who waits
            self._error = error
        finally:
            self._waits.release()

    def _give_back(self) -> None:
        self._waits.release()
        self._pause_for_turn()

    def _pause_for_turn(self) -> None:
        self._runs.acquire()
        if self._is_canceled:
            raise CanceledError
