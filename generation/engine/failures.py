"""What went wrong with a request, as a code for programs and a sentence for people."""

from __future__ import annotations

import torch

from generation.contracts import RenderFailed
from generation.engine.checks import BadPlanError
from generation.engine.hires import OverflowedError
from generation.errors import GenerationError
from mjweb.common.saying import sayable

NO_MEMORY = sayable("There is not enough memory for a picture of this size.")
NOT_PAINTED = sayable("The picture could not be painted because of an error in the engine.")
STOPPED = sayable("The engine was stopped.")
"""What failures are called; the web translates them when they are shown."""


class EngineStoppedError(RuntimeError):
    """The engine ended before the request did."""


def is_out_of_memory(error: Exception) -> bool:
    """Whether a device or the machine had no memory left, or that is why a checkpoint could not be loaded.

    torch's CPU allocator has no error class of its own.
    """
    causes = [error, error.__cause__]
    is_class = any(isinstance(cause, torch.OutOfMemoryError | MemoryError) for cause in causes)
    return is_class or "can't allocate memory" in str(error)


def failure(request_id: str, error: Exception) -> RenderFailed:
    """An error as a code for programs and a sentence for people."""
    if is_out_of_memory(error):
        code, sentence = "out_of_memory", NO_MEMORY
    elif isinstance(error, BadPlanError):
        code, sentence = "bad_plan", str(error)
    elif isinstance(error, EngineStoppedError):
        code, sentence = "engine_stopped", str(error)
    elif isinstance(error, GenerationError):
        code, sentence = error.code, error.sentence
    elif isinstance(error, OverflowedError):
        code, sentence = "engine_error", str(error)
    else:
        code, sentence = "engine_error", NOT_PAINTED
    return RenderFailed(request_id=request_id, code=code, sentence=sentence)
