"""The rows of this room: checkpoints, adapters, workers, jobs, images and what CLIP sees in them."""

from generation.models.adapter import Adapter
from generation.models.checkpoint import Checkpoint, CheckpointChoice, WeightFile
from generation.models.embedding import Embedding
from generation.models.image import Image, Visibility
from generation.models.job import Job, JobKind, JobState, Lane
from generation.models.worker import Worker

__all__ = [
    "Adapter",
    "Checkpoint",
    "CheckpointChoice",
    "Embedding",
    "Image",
    "Job",
    "JobKind",
    "JobState",
    "Lane",
    "Visibility",
    "WeightFile",
    "Worker",
]
