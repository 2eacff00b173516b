"""The environment, read once and typed: a bad value stops the start and names its variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, FilePath, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mjweb.local.connections import recall_connections

ROOT = Path(__file__).resolve().parent.parent.parent


class Environment(BaseSettings):
    """Every variable that mjweb reads. README lists them in the same order."""

    model_config = SettingsConfigDict(env_prefix="", case_sensitive=True, extra="ignore")

    data: Path = Field(default=ROOT / "var", validation_alias="MJWEB_DATA")
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    redis_url: str = Field(default="", validation_alias="REDIS_URL")
    secret_key: str = Field(default="", validation_alias="MJWEB_SECRET_KEY")
    allowed_hosts: str = Field(default="localhost,127.0.0.1,[::1]", validation_alias="MJWEB_ALLOWED_HOSTS")
    public_url: str = Field(default="http://localhost:8000", validation_alias="MJWEB_PUBLIC_URL")
    checkpoint: str = Field(default="", validation_alias="MJWEB_CHECKPOINT")
    clip: Path = Field(default=ROOT / "generation" / "starter" / "weights" / "clip", validation_alias="MJWEB_CLIP")
    max_rows: int = Field(default=16, ge=2, validation_alias="MJWEB_MAX_ROWS")
    resident_models: int = Field(default=2, ge=1, validation_alias="MJWEB_RESIDENT_MODELS")
    upscaler: FilePath | None = Field(default=None, validation_alias="MJWEB_UPSCALER")
    vram_gb: float = Field(default=0, ge=0, validation_alias="MJWEB_VRAM_GB")
    exact: bool = Field(default=False, validation_alias="MJWEB_EXACT")
    compile: bool = Field(default=False, validation_alias="MJWEB_COMPILE")
    fetch_urls: bool = Field(default=True, validation_alias="MJWEB_FETCH_URLS")
    max_jobs_per_prompt: int = Field(default=40, ge=1, validation_alias="MJWEB_MAX_JOBS_PER_PROMPT")
    max_waiting_jobs: int = Field(default=40, ge=1, validation_alias="MJWEB_MAX_WAITING_JOBS")
    fast_minutes: float = Field(default=0, ge=0, validation_alias="MJWEB_FAST_MINUTES")
    signups_per_minute: int = Field(default=20, gt=0, validation_alias="MJWEB_SIGNUPS_PER_MINUTE")
    anonymous_browsing: bool = Field(default=True, validation_alias="MJWEB_ANONYMOUS_BROWSING")
    classifier: str = Field(
        default="generation.workers.classifying.ClipClassifier", validation_alias="MJWEB_CLASSIFIER"
    )
    highest_level: int = Field(default=2, ge=0, le=2, validation_alias="MJWEB_HIGHEST_LEVEL")
    strikes: int = Field(default=3, ge=0, validation_alias="MJWEB_STRIKES")
    strike_days: int = Field(default=90, gt=0, validation_alias="MJWEB_STRIKE_DAYS")
    suspend_days: int = Field(default=7, gt=0, validation_alias="MJWEB_SUSPEND_DAYS")
    max_uploads: int = Field(default=500, ge=0, validation_alias="MJWEB_MAX_UPLOADS")
    lease_s: float = Field(default=15, gt=0, validation_alias="MJWEB_LEASE_S")

    @field_validator("data")
    @classmethod
    def absolute(cls, value: Path) -> Path:
        """Child processes may run elsewhere, so the folder is made absolute here."""
        return value.expanduser().resolve()

    @field_validator("clip")
    @classmethod
    def sees(cls, value: Path) -> Path:
        """A folder without a CLIP is said here, and not by the first finished picture."""
        if not (value / "config.json").is_file() or not any(value.glob("*.safetensors")):
            msg = f"{value} is no CLIP in the layout of transformers: config.json or its safetensors are missing"
            raise ValueError(msg)
        return value.resolve()

    @field_validator("database_url")
    @classmethod
    def readable(cls, value: str) -> str:
        """What libpq cannot read is said here, with the variable's name, and not by the first query."""
        try:
            conninfo_to_dict(value)
        except ProgrammingError as error:
            raise ValueError(str(error).strip()) from error
        return value

    @model_validator(mode="after")
    def beside_make_run(self) -> Self:
        """A command in a second terminal finds the servers that `make run` started, unless it names its own."""
        recalled = recall_connections(self.data)
        self.database_url = self.database_url or recalled.get("DATABASE_URL", "")
        self.redis_url = self.redis_url or recalled.get("REDIS_URL", "")
        return self


def read_environment() -> Environment:
    """Every variable, typed.

    Raises:
        ImproperlyConfigured: one line per variable whose value cannot be used.
    """
    try:
        return Environment()
    except ValidationError as error:
        wrong = [f"{problem['loc'][0]}: {problem['msg'].removeprefix('Value error, ')}." for problem in error.errors()]
        raise ImproperlyConfigured("\n".join(wrong)) from None


def postgres_settings(url: str) -> dict[str, Any]:
    """Django's description of the database that a libpq URL or `key=value` string names.

    A socket directory goes into the `host` parameter: `postgresql:///mjweb?host=/run/mjweb`.
    """
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "mjweb"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": dict(parts),
    }


def broker_url(redis_url: str) -> str:
    """The same server in the spelling that Celery's transport understands."""
    if redis_url.startswith("unix://"):
        return f"redis+socket://{redis_url.removeprefix('unix://')}?virtual_host=0"
    return redis_url
