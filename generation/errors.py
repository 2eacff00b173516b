"""The failures of this room, as a family.

GenerationError (mjweb.common.errors.MjwebError)
├── JobNotFoundError            404  no such job, or not yours
├── ImageNotFoundError          404  no such picture, or not for you
├── GroupNotFoundError          404  no jobs that one prompt made together, or not yours
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
├── FastTimeSpentError          429  this person's fast minutes of the month are used up
├── JobNotFinishedError         409  the action needs finished pictures
├── PictureGoneError            409  a picture that a job starts from was deleted
├── PictureRefusedError         422  what was brought or named is no picture that we take
├── TooManyUploadsError         429  this person keeps as many pictures as one may
├── UploadNotFoundError         404  no such upload, or not yours
├── OptionSetNotFoundError      404  no such option set, or not yours
├── OptionSetRefusedError       422  nobody may have an option set of this name or value
├── CollectionNotFoundError     404  no such collection, or not yours
├── CollectionRefusedError      422  nobody may have a collection of this name, or there
├── SavedSearchNotFoundError    404  no such saved search, or not yours
├── SearchRefusedError          422  a search cannot be read, each reason with its columns
├── ReplayFailedError           409  a finished job cannot be painted again
├── ExampleFailedError          409  a picture of the help page cannot be painted
├── ActionNotPossibleError      409  this picture cannot be upscaled or varied in this way
├── WordsKeptError              409  the action needs words that the picture's owner keeps
├── IdempotencyMismatchError    422  the same Idempotency-Key with another request
├── TooManyWordsError           422  a text of more words than can be ranked
├── NoWorkerError               503  nobody is there who could answer a question
├── NotAnsweredError            503  a question was not answered in time
├── StillAskingError            429  this person's last question is not answered yet
└── PromptErrors                422  (generation.prompts) everything wrong with a prompt, each with its column
"""

from __future__ import annotations

from mjweb.common.errors import MjwebError
from mjweb.common.saying import sayable

WORKER_LOST = sayable("The worker stopped {count} times while it made these pictures. It was not tried again.")
TEXT_TOO_LONG = sayable(
    "“{text}…” is too long for this checkpoint, which reads about {tokens} tokens (short words or pieces of words) of "
    "a text."
)
WRITTEN_DOWN = (WORKER_LOST, TEXT_TOO_LONG)
"""What workers write into a job's row with values in it; `say_again` tells it in the language of whoever reads it."""


class GenerationError(MjwebError):
    """The root of this room's failures."""

    code = "generation_error"


class JobNotFoundError(GenerationError):
    """No such job, or not for this person."""

    code = "job_not_found"
    status = 404
    title = sayable("Not found")


class ImageNotFoundError(GenerationError):
    """No such picture, or not for this person."""

    code = "image_not_found"
    status = 404
    title = sayable("Not found")


class GroupNotFoundError(GenerationError):
    """No jobs that one prompt made together, or not of this person."""

    code = "group_not_found"
    status = 404
    title = sayable("Not found")


class CheckpointNotReadyError(GenerationError):
    """No model has been registered yet."""

    code = "checkpoint_not_ready"
    status = 503
    title = sayable("The model is not ready")


class CheckpointInvalidError(GenerationError):
    """The folder is no checkpoint that we can load."""

    code = "checkpoint_invalid"
    status = 422
    title = sayable("This is no checkpoint")


class CheckpointTakenError(GenerationError):
    """Another checkpoint has this name."""

    code = "checkpoint_taken"
    status = 409
    title = sayable("The name is taken")


class CheckpointInUseError(GenerationError):
    """The checkpoint is the default, or jobs wait for it."""

    code = "checkpoint_in_use"
    status = 409
    title = sayable("The model is in use")


class CheckpointRemovedError(GenerationError):
    """What was asked for needs a checkpoint that was removed."""

    code = "checkpoint_removed"
    status = 409
    title = sayable("The model is gone")


class UnknownModelError(GenerationError):
    """This server has no model of that name."""

    code = "unknown_model"
    status = 422
    title = sayable("There is no such model")


class AdapterInvalidError(GenerationError):
    """The file is no adapter that we can load, or it does not fit the checkpoint."""

    code = "adapter_invalid"
    status = 422
    title = sayable("This adapter cannot be used")


class AdapterTakenError(GenerationError):
    """Another adapter has this name."""

    code = "adapter_taken"
    status = 409
    title = sayable("The name is taken")


class AdapterInUseError(GenerationError):
    """Jobs wait for the adapter."""

    code = "adapter_in_use"
    status = 409
    title = sayable("The adapter is in use")


class UnknownAdapterError(GenerationError):
    """This server has no adapter of that name."""

    code = "unknown_adapter"
    status = 422
    title = sayable("There is no such adapter")


class QueueFullError(GenerationError):
    """Too many of this person's jobs wait already."""

    code = "queue_full"
    status = 429
    title = sayable("The queue is full")


class FastTimeSpentError(GenerationError):
    """This person's fast minutes are used up, and what was asked for needs some."""

    code = "fast_time_spent"
    status = 429
    title = sayable("No fast minutes are left")


class JobNotFinishedError(GenerationError):
    """The action needs finished pictures."""

    code = "job_not_finished"
    status = 409
    title = sayable("Not finished yet")


class PictureGoneError(GenerationError):
    """A picture that a job starts from was deleted."""

    code = "picture_gone"
    status = 409
    title = sayable("A picture is gone")


class PictureRefusedError(GenerationError):
    """What was brought or named is no picture that we take."""

    code = "picture_refused"
    status = 422
    title = sayable("This picture cannot be used")


class TooManyUploadsError(GenerationError):
    """This person keeps as many pictures as one may."""

    code = "too_many_uploads"
    status = 429
    title = sayable("There is no room for more pictures")


class UploadNotFoundError(GenerationError):
    """No such upload, or not of this person."""

    code = "upload_not_found"
    status = 404
    title = sayable("Not found")


class OptionSetNotFoundError(GenerationError):
    """No such option set, or not of this person."""

    code = "option_set_not_found"
    status = 404
    title = sayable("Not found")


class OptionSetRefusedError(GenerationError):
    """Nobody may have an option set of this name or value."""

    code = "option_set_refused"
    status = 422
    title = sayable("This option set cannot be kept")


class CollectionNotFoundError(GenerationError):
    """No such collection, or not of this person."""

    code = "collection_not_found"
    status = 404
    title = sayable("Not found")


class CollectionRefusedError(GenerationError):
    """Nobody may have a collection or a saved search of this name, or a collection in this place."""

    code = "collection_refused"
    status = 422
    title = sayable("This cannot be kept")


class SavedSearchNotFoundError(GenerationError):
    """No such saved search, or not of this person."""

    code = "saved_search_not_found"
    status = 404
    title = sayable("Not found")


class SearchRefusedError(GenerationError):
    """A search cannot be read."""

    code = "search_refused"
    status = 422
    title = sayable("This search cannot be read")


class ReplayFailedError(GenerationError):
    """A finished job cannot be painted again."""

    code = "replay_failed"
    status = 409
    title = sayable("Not possible")


class ExampleFailedError(GenerationError):
    """A picture that shows what a prompt means cannot be painted."""

    code = "example_failed"
    status = 409
    title = sayable("Not possible")


class ActionNotPossibleError(GenerationError):
    """This picture cannot be worked on in this way."""

    code = "action_not_possible"
    status = 409
    title = sayable("Not possible")


class WordsKeptError(GenerationError):
    """The action needs the words of a picture whose owner shows it without them."""

    code = "words_kept"
    status = 409
    title = sayable("The words are not shown")


class IdempotencyMismatchError(GenerationError):
    """The same Idempotency-Key came with another request."""

    code = "idempotency_mismatch"
    status = 422
    title = sayable("The key was used for something else")


class TooManyWordsError(GenerationError):
    """A text has more words than can be ranked."""

    code = "too_many_words"
    status = 422
    title = sayable("This prompt is too long to be shortened")


class NoWorkerError(GenerationError):
    """Nobody is there who could answer a question."""

    code = "no_worker"
    status = 503
    title = sayable("No engine is running")


class NotAnsweredError(GenerationError):
    """A question was not answered in time."""

    code = "not_answered"
    status = 503
    title = sayable("No answer yet")


class StillAskingError(GenerationError):
    """This person's last question is not answered yet."""

    code = "still_asking"
    status = 429
    title = sayable("One question at a time")
