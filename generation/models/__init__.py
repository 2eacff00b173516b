"""The rows of this room: models and workers, jobs, pictures and what CLIP sees in them, what people prefer and keep."""

from generation.models.adapter import Adapter
from generation.models.checkpoint import Checkpoint, CheckpointChoice, WeightFile
from generation.models.collection import Collection, CollectionItem, SavedSearch
from generation.models.embedding import Embedding
from generation.models.group import PromptGroup
from generation.models.image import Image, Visibility
from generation.models.job import Job, JobKind, JobState, Lane
from generation.models.like import Like
from generation.models.preferences import OptionSet, Preferences
from generation.models.source import JobSource, SourceRole
from generation.models.upload import Upload
from generation.models.worker import Worker

__all__ = [
    "Adapter",
    "Checkpoint",
    "CheckpointChoice",
    "Collection",
    "CollectionItem",
    "Embedding",
    "Image",
    "Job",
    "JobKind",
    "JobSource",
    "JobState",
    "Lane",
    "Like",
    "OptionSet",
    "Preferences",
    "PromptGroup",
    "SavedSearch",
    "SourceRole",
    "Upload",
    "Visibility",
    "WeightFile",
    "Worker",
]
