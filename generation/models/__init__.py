"""The rows of this room: checkpoints, jobs and images."""

from generation.models.checkpoint import Checkpoint
from generation.models.image import Image, Visibility
from generation.models.job import Job, JobKind, JobState, Lane

__all__ = ["Checkpoint", "Image", "Job", "JobKind", "JobState", "Lane", "Visibility"]
