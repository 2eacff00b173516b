"""The rows of this room: checkpoints, adapters, workers, jobs, pictures, what CLIP sees in them, what people prefer."""

from generation.models.adapter import Adapter
from generation.models.checkpoint import Checkpoint, CheckpointChoice, WeightFile
from generation.models.embedding import Embedding
from generation.models.group import PromptGroup
from generation.models.image import Image, Visibility
from generation.models.job import Job, JobKind, JobState, Lane
from generation.models.preferences import OptionSet, Preferences
from generation.models.source import JobSource, SourceRole
from generation.models.upload import Upload
from generation.models.worker import Worker

__all__ = [
    "Adapter",
    "Checkpoint",
    "CheckpointChoice",
    "Embedding",
    "Image",
    "Job",
    "JobKind",
    "JobSource",
    "JobState",
    "Lane",
    "OptionSet",
    "Preferences",
    "PromptGroup",
    "SourceRole",
    "Upload",
    "Visibility",
    "WeightFile",
    "Worker",
]
