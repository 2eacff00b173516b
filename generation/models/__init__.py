"""The rows of this room: checkpoints, workers, jobs and images."""

from generation.models.checkpoint import Checkpoint, CheckpointChoice, WeightFile
from generation.models.image import Image, Visibility
from generation.models.job import Job, JobKind, JobState, Lane
from generation.models.worker import Worker

__all__ = [
    "Checkpoint",
    "CheckpointChoice",
    "Image",
    "Job",
    "JobKind",
    "JobState",
    "Lane",
    "Visibility",
    "WeightFile",
    "Worker",
]
