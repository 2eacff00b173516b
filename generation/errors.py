"""The failures of this room, as a family.

GenerationError (mjweb.common.errors.MjwebError)
├── JobNotFoundError            404  no such job, or not yours
├── ImageNotFoundError          404  no such picture, or not for you
├── CheckpointNotReadyError     503  no model has been registered yet
├── CheckpointInvalidError      422  the folder is no checkpoint that we can load
├── CheckpointTakenError        409  another checkpoint has this name
├── CheckpointInUseError        409  the checkpoint cannot be removed now
├── CheckpointRemovedError      409  the picture's checkpoint was removed from this server
├── UnknownModelError           422  this server has no model of that name
├── AdapterInvalidError         422  the file is no adapter that we can load, or does not fit the checkpoint
├── AdapterTakenError           409  another adapter has this name
├── AdapterInUseError           409  the adapter cannot be removed now
├── UnknownAdapterError         422  this server has no adapter of that name
├── QueueFullError              429  too many of this person's jobs wait
├── JobNotFinishedError         409  the action needs finished pictures
├── ReplayFailedError           409  a finished job cannot be painted again
├── ActionNotPossibleError      409  this picture cannot be upscaled or varied in this way
├── IdempotencyMismatchError    422  the same Idempotency-Key with another request
└── PromptErrors                422  (generation.prompts) everything wrong with a prompt, each with its column
"""

from __future__ import annotations

from mjweb.common.errors import MjwebError


class GenerationError(MjwebError):
    """The root of this room's failures."""

    code = "generation_error"


class JobNotFoundError(GenerationError):
    """No such job, or not for this person."""

    code = "job_not_found"
    status = 404
    title = "Not found"


class ImageNotFoundError(GenerationError):
    """No such picture, or not for this person."""

    code = "image_not_found"
    status = 404
    title = "Not found"


class CheckpointNotReadyError(GenerationError):
    """No model has been registered yet."""

    code = "checkpoint_not_ready"
    status = 503
    title = "The model is not ready"


class CheckpointInvalidError(GenerationError):
    """The folder is no checkpoint that we can load."""

    code = "checkpoint_invalid"
    status = 422
    title = "This is no checkpoint"


class CheckpointTakenError(GenerationError):
    """Another checkpoint has this name."""

    code = "checkpoint_taken"
    status = 409
    title = "The name is taken"


class CheckpointInUseError(GenerationError):
    """The checkpoint is the default, or jobs wait for it."""

    code = "checkpoint_in_use"
    status = 409
    title = "The model is in use"


class CheckpointRemovedError(GenerationError):
    """What was asked for needs a checkpoint that was removed."""

    code = "checkpoint_removed"
    status = 409
    title = "The model is gone"


class UnknownModelError(GenerationError):
    """This server has no model of that name."""

    code = "unknown_model"
    status = 422
    title = "There is no such model"


class AdapterInvalidError(GenerationError):
    """The file is no adapter that we can load, or it does not fit the checkpoint."""

    code = "adapter_invalid"
    status = 422
    title = "This adapter cannot be used"


class AdapterTakenError(GenerationError):
    """Another adapter has this name."""

    code = "adapter_taken"
    status = 409
    title = "The name is taken"


class AdapterInUseError(GenerationError):
    """Jobs wait for the adapter."""

    code = "adapter_in_use"
    status = 409
    title = "The adapter is in use"


class UnknownAdapterError(GenerationError):
    """This server has no adapter of that name."""

    code = "unknown_adapter"
    status = 422
    title = "There is no such adapter"


class QueueFullError(GenerationError):
    """Too many of this person's jobs wait already."""

    code = "queue_full"
    status = 429
    title = "The queue is full"


class JobNotFinishedError(GenerationError):
    """The action needs finished pictures."""

    code = "job_not_finished"
    status = 409
    title = "Not finished yet"


class ReplayFailedError(GenerationError):
    """A finished job cannot be painted again."""

    code = "replay_failed"
    status = 409
    title = "Not possible"


class ActionNotPossibleError(GenerationError):
    """This picture cannot be worked on in this way."""

    code = "action_not_possible"
    status = 409
    title = "Not possible"


class IdempotencyMismatchError(GenerationError):
    """The same Idempotency-Key came with another request."""

    code = "idempotency_mismatch"
    status = 422
    title = "The key was used for something else"
