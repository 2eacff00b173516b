"""The rows of this room: models and workers, jobs, pictures and what CLIP sees in them, what people prefer and keep."""

from generation.models.adapter import Adapter
from generation.models.checkpoint import Checkpoint, CheckpointChoice, WeightFile
from generation.models.collection import Collection, CollectionItem, SavedSearch, SearchPlace
from generation.models.embedding import Embedding
from generation.models.group import PromptGroup
from generation.models.image import Image, Level, Visibility
from generation.models.job import Job, JobKind, JobState, Lane
from generation.models.left_file import LeftFile
from generation.models.like import Like
from generation.models.preferences import OptionSet, Preferences
from generation.models.rule import Finding, PictureLabel, Rule, RuleAction
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
    "Finding",
    "Image",
    "Job",
    "JobKind",
    "JobSource",
    "JobState",
    "Lane",
    "LeftFile",
    "Level",
    "Like",
    "OptionSet",
    "PictureLabel",
    "Preferences",
    "PromptGroup",
    "Rule",
    "RuleAction",
    "SavedSearch",
    "SearchPlace",
    "SourceRole",
    "Upload",
    "Visibility",
    "WeightFile",
    "Worker",
]
