"""One settings file; everything that differs between machines comes from the environment.

`LECTERN_DEBUG=1` (set by `./lectern up`) is for development. Without it and without
`LECTERN_TEST=1` these are production settings, which refuse an unsafe start.
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("LECTERN_STATE", BASE_DIR / "var"))


def _flag(name: str) -> bool:
    return os.environ.get(name, "") in {"1", "true", "yes"}


def _number(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


TESTING = _flag("LECTERN_TEST")
DEVELOPMENT = _flag("LECTERN_DEBUG") and not TESTING
PRODUCTION = not DEVELOPMENT and not TESTING
DEBUG = _flag("LECTERN_DJANGO_DEBUG") and not TESTING
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("LECTERN_DJANGO_DEBUG is for development: unset it here.")
"""Django's own: it keeps every SQL statement in memory, so `up` runs without it."""

SECRET_KEY = os.environ.get("LECTERN_SECRET_KEY", "")
if not SECRET_KEY:
    if PRODUCTION:
        raise ImproperlyConfigured(
            "LECTERN_SECRET_KEY is not set. Give a random text of 50 characters or more; "
            "docs/operations.md says how to make and keep one."
        )
    SECRET_KEY = "for-development-and-tests-only-" + "x" * 32
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("LECTERN_SECRET_KEY is shorter than 50 characters.")

FIELD_KEYS = os.environ.get("LECTERN_FIELD_KEYS", "")
"""`id:base64key,id:base64key`: keys of encrypted fields, the first one writes (rules/vault.py)."""
if PRODUCTION and not FIELD_KEYS:
    raise ImproperlyConfigured(
        "LECTERN_FIELD_KEYS is not set: bank and licence numbers could not be encrypted. "
        "docs/operations.md says how to make one."
    )

ALLOWED_HOSTS = [h for h in os.environ.get("LECTERN_HOSTS", "").split(",") if h]
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("LECTERN_HOSTS is not set: name the hosts, with commas between.")
if not PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS if PRODUCTION]
PORT = _number("LECTERN_PORT", 8000)
BASE_URL = os.environ.get("LECTERN_BASE_URL", f"http://localhost:{PORT}")

INSTALLED_APPS = [
    "workforce",
    "tutors",
    "tasks",
    "payments",
    "config",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "workforce.doors.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "workforce.doors.middleware.content_security",
    "workforce.doors.passing.Sessions",
    "workforce.doors.passing.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "workforce.doors.passing.Users",
    "workforce.doors.passing.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "workforce.doors.sessions.second_factor",
    "workforce.doors.sessions.last_seen",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.portals.frame",
            ]
        },
    }
]

# --- The database -----------------------------------------------------------------------------

STATEMENT_TIMEOUT_MS = _number("LECTERN_STATEMENT_TIMEOUT_MS", 30_000)
IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000
POOL_SIZE_MAX = _number("LECTERN_POOL_SIZE", 8)
CONNECTION_KEPT_SECONDS = 600
"""A worker's, from job to job: a new one for each was four fifths of what small jobs cost."""


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    options: dict[str, object] = {
        # The threshold and the cache mode are for the cursors of workforce.queries.plans only:
        # PostgreSQL might decide at any moment to plan a kept statement for each call's values,
        # and a claim would cost four times. The page cost is for all: with spinning disks in mind
        # it would look for a tutor's newest claims among everybody's, newest first, which with
        # few tutors and one who was away reads them all.
        "prepare_threshold": 1,
        "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} "
        f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT_MS} "
        "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1",
    }
    if "sslmode" in query:
        options["sslmode"] = query["sslmode"]
    pooled = _flag("LECTERN_POOL") and not TESTING
    if pooled:
        options["pool"] = {"min_size": 1, "max_size": POOL_SIZE_MAX, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "lectern",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(parts.port or query.get("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if pooled or TESTING else CONNECTION_KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": not pooled,
        "TEST": {"TEMPLATE": os.environ.get("LECTERN_TEST_TEMPLATE") or None},
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "")
if not DATABASE_URL and PRODUCTION:
    raise ImproperlyConfigured("DATABASE_URL is not set.")
DATABASES = {"default": _database(DATABASE_URL or "postgresql://lectern@/lectern?host=/nowhere")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Background work (tried under faults; reasons in docs/decisions/0004-celery-settings.md) ---

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
JOB_LEASE_SECONDS = _number("LEASE_SECONDS", 30)
JOB_SWEEP_SECONDS = _number("SWEEP_SECONDS", 1)
JOB_MAX_ATTEMPTS = _number("MAX_ATTEMPTS", 5)
JOB_TEST_KINDS = TESTING or _flag("LECTERN_TEST_JOBS")
RELAY_SECONDS = 0.2
DOMAIN_REFRESH_SECONDS = 10
HEARTBEAT_SECONDS = 5

# --- People -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "workforce.Account"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # unique is what the constraint account_email_once says
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "workforce.access.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "workforce.access.display_name"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Lectern: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_ADAPTER = "workforce.access.MfaAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # people come in by a link sent to their address
MFA_TOTP_ISSUER = "Lectern"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SECOND_FACTOR_REQUIRED = not TESTING
"""Finance and admins need one for every session; the tests that ask about it turn it on."""
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600

if PRODUCTION:
    SECURE_SSL_REDIRECT = not _flag("LECTERN_TLS_ELSEWHERE")
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "workforce.doors.pages.form_expired"

EMAIL_BACKEND = os.environ.get(
    "LECTERN_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = STATE_DIR / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("LECTERN_FROM", "Lectern <no-reply@example.org>")
HELP_ADDRESS = os.environ.get("LECTERN_HELP", "help@example.org")
"""Whom people write to; the help page names it."""
INVITATION_DAYS = 14

# --- The API ----------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "workforce.doors.tokens.BearerAuthentication",
        "workforce.doors.tokens.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["workforce.doors.parsing.LimitedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "workforce.doors.schema.DeskSchema",
    "EXCEPTION_HANDLER": "workforce.doors.problems.answer_exception",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lectern",
    "DESCRIPTION": "The service that runs an expert workforce for AI training.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "DEFAULT_GENERATOR_CLASS": "workforce.doors.describing.Generator",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["workforce.doors.schema.close_bodies"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVERS": [{"url": "/"}],
}
PAGE_SIZE = 50
PAGE_SIZE_MAX = 200
BODY_BYTES_MAX = 10 * 1024 * 1024
BODY_DEPTH_MAX = 32
UPLOAD_BYTES_MAX = 256 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_BYTES_MAX
FILE_UPLOAD_TEMP_DIR = None
IDEMPOTENCY_HOURS = 48
DONE_JOB_DAYS = 14
FORGET_MAX = 10_000
TOKEN_DAYS_MAX = 365
THROTTLE_PER_MINUTE = {
    "read": _number("LECTERN_THROTTLE_READ", 1_200),
    "write": _number("LECTERN_THROTTLE_WRITE", 600),
    "claim": _number("LECTERN_THROTTLE_CLAIM", 240),
}
THROTTLE_ENABLED = PRODUCTION or not _flag("LECTERN_NO_THROTTLE")
WEBHOOK_ALLOW_PRIVATE = not PRODUCTION and _flag("LECTERN_WEBHOOK_ALLOW_PRIVATE")
"""Development and tests may call a listener on their own machine (loopback), without TLS."""
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# --- Texts, times, files ----------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
MEDIA_ROOT = STATE_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if not PRODUCTION
        else "workforce.doors.statics.Statics"
    },
}
WHITENOISE_AUTOREFRESH = TESTING
WHITENOISE_USE_FINDERS = not PRODUCTION

# --- Who pays (the debtor in bank files) --------------------------------------------------------

_MADE_UP_PAYER = ("", "") if PRODUCTION else ("DE89370400440532013000", "COBADEFFXXX")
PAYER = {
    "name": os.environ.get("LECTERN_PAYER_NAME", "Lectern Demonstration"),
    "iban": os.environ.get("LECTERN_PAYER_IBAN", _MADE_UP_PAYER[0]),
    "bic": os.environ.get("LECTERN_PAYER_BIC", _MADE_UP_PAYER[1]),
    "file_version": os.environ.get("LECTERN_PAYER_FILE", "09"),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "workforce.doors.logs.JsonFormatter"},
        "plain": {"format": "%(levelname)s %(name)s %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if PRODUCTION else "plain",
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LECTERN_LOG", "INFO")},
    "loggers": {"django.request": {"level": "ERROR"}},
}
