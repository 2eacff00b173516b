"""Every setting once; the other modules of this package only say what differs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from mjweb.settings.env import ROOT, broker_url, postgres_settings, read_environment

env = read_environment()
DATA_DIR: Path = env.data
SECRET_KEY = env.secret_key
DEBUG = False
ALLOWED_HOSTS = env.allowed_hosts.split(",")

INSTALLED_APPS = [
    "mjweb.accounts",
    "mjweb.local",
    "generation",
    "gallery",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "channels",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "mjweb.common.statics.CompressingMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mjweb.common.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mjweb.common.middleware.ErrorMiddleware",
]

ROOT_URLCONF = "mjweb.urls"
ASGI_APPLICATION = "mjweb.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The truth: PostgreSQL with pgvector. The pool keeps a web process from opening a connection per thread.
DATABASES = {"default": postgres_settings(env.database_url)}
# After an outage it looks for the database every few seconds; left to itself it would wait for half a minute.
DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 12, "timeout": 3, "reconnect_timeout": 4}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The wake-ups: one Redis-protocol server for broker, channel layer and cache. Losing it loses no job.
REDIS_URL = env.redis_url
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ACKS_LATE = False  # a lost message costs nothing: the sweep sends a new one
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1}
CELERY_TASK_ROUTES = {
    name: {"queue": "gpu"} for name in ("generation.render", "generation.answer", "generation.look_again")
}
CELERY_BEAT_SCHEDULE = {
    "recover-jobs": {"task": "generation.recover", "schedule": 2.0, "options": {"expires": 4}},
    "publish-missed": {"task": "gallery.publish_missed", "schedule": 60.0, "options": {"expires": 60}},
    "look-again": {"task": "generation.look_again", "schedule": 60.0, "options": {"expires": 60}},
    "index-directions": {"task": "generation.index_directions", "schedule": 60.0, "options": {"expires": 60}},
    "write-missing-words": {"task": "gallery.write_missing_words", "schedule": 60.0, "options": {"expires": 60}},
    "take-glimpses": {"task": "generation.take_glimpses", "schedule": 60.0, "options": {"expires": 60}},
    "lower-recency": {"task": "gallery.lower_recency", "schedule": 600.0, "options": {"expires": 600}},
    "empty-trash": {"task": "generation.empty_trash", "schedule": 600.0, "options": {"expires": 600}},
    "finish-leavings": {"task": "gallery.finish_leavings", "schedule": 30.0, "options": {"expires": 30}},
    "send-digests": {"task": "gallery.send_digests", "schedule": 600.0, "options": {"expires": 600}},
    "sweep-notifications": {"task": "gallery.sweep_notifications", "schedule": 3600.0, "options": {"expires": 3600}},
}
CHANNEL_LAYERS = {
    "default": {
        # The core layer drops messages under load without an error; pubsub does not.
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "mjweb"},
    },
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "mjweb.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_LOGOUT_ON_GET = False
# A class behind one address may need more.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {"signup": f"{env.signups_per_minute}/m/ip"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = "mjweb: "
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "create"
LOGOUT_REDIRECT_URL = "explore"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = "mjweb <noreply@localhost>"

# Pictures and pages.
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "mjweb.common.storage.ContentAddressedStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "mjweb.accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "mjweb.common.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "mjweb",
    "DESCRIPTION": "Imagine pictures, follow their progress and act on them.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    # Several bodies have a field of this name, with other choices.
    "ENUM_NAME_OVERRIDES": {
        "JobKindEnum": "generation.models.JobKind",
        "TargetKindEnum": "gallery.models.TargetKind",
        "AdapterKindEnum": "generation.models.adapter.KINDS",
    },
}

# Jobs and the engine.
MJWEB_CHECKPOINT = env.checkpoint or str(ROOT / "generation" / "starter" / "weights")
MJWEB_CHECKPOINT_IS_NAMED = bool(env.checkpoint)
MJWEB_CLIP = str(env.clip)
MJWEB_MAX_ROWS = env.max_rows
MJWEB_RESIDENT_MODELS = env.resident_models
MJWEB_UPSCALER = env.upscaler
MJWEB_VRAM_GB = env.vram_gb
MJWEB_EXACT = env.exact
MJWEB_COMPILE = env.compile
MJWEB_LEASE_S = env.lease_s
MJWEB_MAX_ATTEMPTS = 3
MJWEB_MAX_JOBS_PER_PROMPT = env.max_jobs_per_prompt
MJWEB_MAX_WAITING_JOBS = env.max_waiting_jobs
MJWEB_FAST_MINUTES = env.fast_minutes
MJWEB_MAX_UPLOADS = env.max_uploads
MJWEB_PUBLIC_URL = env.public_url
MJWEB_ANONYMOUS_BROWSING = env.anonymous_browsing
MJWEB_CLASSIFIER = env.classifier
MJWEB_HIGHEST_LEVEL = env.highest_level
MJWEB_STRIKES = env.strikes
MJWEB_STRIKE_DAYS = env.strike_days
MJWEB_SUSPEND_DAYS = env.suspend_days
MJWEB_FETCH_URLS = env.fetch_urls
MJWEB_STALL_S = 120

# Model hubs are asked only when the person names a hub id themselves.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # The sweep runs every two seconds; what Celery says about it would bury everything else.
    "loggers": {name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace", "celery.beat")}
    | {"httpx": {"level": "WARNING"}, "django.request": {"level": "ERROR"}}
    # Whoever waits for a connection says that there is none; the pool would say so with every try.
    | {"psycopg.pool": {"level": "ERROR"}},
}
