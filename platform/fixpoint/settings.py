"""Settings in one file: the embedded default runs as it is, production sets environment variables."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from fixpoint import env
from fixpoint.blobs.configured import blobs_storage
from fixpoint.embedded import broker_of
from fixpoint.secret_file import secret_of
from fixpoint.shared_cache import MOST_COUNTERS

BASE_DIR = Path(__file__).resolve().parents[2]
HOME = Path(env.text("FIXPOINT_HOME", str(BASE_DIR / "var"))).resolve()
"""Everything that the embedded default writes: database, blobs, Redis, scratch, secret."""

DEBUG = env.flag("FIXPOINT_DEBUG", default=False)
SECRET_KEY = secret_of("FIXPOINT_SECRET_KEY", HOME / "secret_key")
SIGNING_KEY = secret_of("FIXPOINT_SIGNING_KEY", HOME / "signing_key")
"""Signs the standings of closed tasks; kept apart from the other, which may be drawn anew without a loss."""
ALLOWED_HOSTS = env.words("FIXPOINT_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
SITE_URL = env.text("FIXPOINT_SITE_URL", "http://127.0.0.1:8000")
SOURCE_URL = env.text("FIXPOINT_SOURCE_URL", "")
"""Where the code that runs here is published; pages link there, or nowhere where it is empty."""
if SOURCE_URL and not SOURCE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("FIXPOINT_SOURCE_URL must begin with https:// or http://, or be empty for no link.")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.number("FIXPOINT_SESSION_DAYS", 14) * 24 * 3600
BEHIND_PROXY = env.flag("FIXPOINT_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
"""Whose request it is, for the brakes: what the proxy has put last into X-Forwarded-For, else who is connected."""
SECURE_SSL_REDIRECT = SECURE and BEHIND_PROXY
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^api/worker/", r"^blobs/"]
"""What workers and healthchecks ask without the proxy, inside the installation."""
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("FIXPOINT_HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.flag("FIXPOINT_HSTS_PRELOAD", default=False)
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "fixpoint.blobs",
    "fixpoint.dispatch",
    "fixpoint.accounts",
    "fixpoint.tasks",
    "fixpoint.teams",
    "fixpoint.datasets",
    "fixpoint.uploads",
    "fixpoint.submissions",
    "fixpoint.leaderboard",
    "fixpoint.organizing",
    "fixpoint.pages",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "fixpoint.page_headers.PageHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fixpoint.accounts.bearer.BearerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "fixpoint.accounts.second_factor.SecondFactorMiddleware",
    "fixpoint.accounts.pace_page.PaceMiddleware",
    "fixpoint.blobs.away_page.StoreAwayMiddleware",
]
ROOT_URLCONF = "fixpoint.urls"
ASGI_APPLICATION = "fixpoint.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fixpoint.pages.context.site",
            ],
            "builtins": ["fixpoint.pages.templatetags.sayings"],
        },
    }
]


def database(url: str, pool: int = 0) -> dict[str, object]:
    """Django's settings for `postgres://user:password@host:port/name`; empty means SQLite under HOME.

    `pool` is the most connections that the threads of a process share; 0: each has one of its own.
    """
    if not url:
        # IMMEDIATE and a busy timeout: a transaction that will write waits for its turn instead of failing half-way.
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "fixpoint.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("FIXPOINT_DATABASE_URL must begin with postgres://, or be unset for SQLite.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0 if pool else 60,
        "CONN_HEALTH_CHECKS": True,
        # Prepared statements: the same few are asked all day, and PostgreSQL need not plan them each time.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5}
        | ({"pool": {"min_size": 1, "max_size": pool, "timeout": 10}} if pool else {}),
    }


# Under ASGI each request has a thread of its own: without a pool it opens a connection, and that is most of its cost.
DATABASES = {"default": database(env.text("FIXPOINT_DATABASE_URL", ""), pool=env.number("FIXPOINT_DATABASE_POOL", 0))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "fixpoint.accounts.adapters.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
"""Whoever changes their password stays signed in here and nowhere else: Django ends sessions of another password."""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
"""The password is asked again before an address or a second factor is changed."""
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login_failed_by_name": "100/h/key"}
"""Wrong passwords; the first key is name and network, the second the name alone (accounts/adapters.py)."""
ACCOUNT_SESSION_REMEMBER = True
"""A session ends FIXPOINT_SESSION_DAYS after signing in, not with the browser."""
ACCOUNT_USERNAME_VALIDATORS = "fixpoint.accounts.names.VALIDATORS"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "fixpoint.accounts.adapters.FactorAdapter"
MFA_TOTP_ISSUER = "Fixpoint"
MFA_TOTP_TOLERANCE = 1
"""Steps of 30 s: clocks of telephones are not exact."""
REQUIRE_MFA_FOR_ORGANIZERS = env.flag("FIXPOINT_REQUIRE_MFA_FOR_ORGANIZERS", default=False)
OIDC_SERVER_URL = env.text("FIXPOINT_OIDC_SERVER_URL", "")
"""Of an identity provider that speaks OpenID Connect; "" for none."""
if OIDC_SERVER_URL and not OIDC_SERVER_URL.startswith("https://"):
    raise ImproperlyConfigured(
        "FIXPOINT_OIDC_SERVER_URL must begin with https://: by TLS alone is its answer believed."
    )
OIDC_NAME = env.text("FIXPOINT_OIDC_NAME", "OpenID Connect")
FORM_TARGETS = [f"{urlsplit(OIDC_SERVER_URL).scheme}://{urlsplit(OIDC_SERVER_URL).netloc}"] if OIDC_SERVER_URL else []
SOCIALACCOUNT_ADAPTER = "fixpoint.accounts.adapters.IdentityAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_NAME,
                "client_id": env.text("FIXPOINT_OIDC_CLIENT_ID"),
                "secret": env.secret("FIXPOINT_OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ]
        if OIDC_SERVER_URL
        else [],
    }
}
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_STORE_TOKENS = False
PACES = {
    "json": (env.number("FIXPOINT_JSON_PER_MINUTE", 120), 60),
    "upload": (env.number("FIXPOINT_UPLOADS_PER_HOUR", 60), 3600),
}
"""So much of a kind in so many seconds from one person, or from one address of somebody unknown; 0: no limit."""
EMAIL_HOST = env.text("FIXPOINT_EMAIL_HOST", "")
EMAIL_PORT = env.number("FIXPOINT_EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("FIXPOINT_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("FIXPOINT_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("FIXPOINT_EMAIL_TLS", default=True)
EMAIL_TIMEOUT = 10
"""Seconds: whoever signs up waits for the mail server."""
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("FIXPOINT_EMAIL_FROM", "fixpoint@localhost")
EMAIL_BACKEND = env.text(
    "FIXPOINT_EMAIL_BACKEND", f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
)
ACCOUNT_EMAIL_VERIFICATION = env.text("FIXPOINT_EMAIL_VERIFICATION", "mandatory" if EMAIL_HOST else "none")
"""Confirmation by e-mail needs a mail server, which the embedded default does not have."""
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION != "mandatory"
"""Where nobody confirms an address, nobody would ever come to a second factor."""
ACCOUNT_CHANGE_EMAIL = ACCOUNT_EMAIL_VERIFICATION != "none"
"""A person has one address, and a new one takes its place once it is confirmed; by mail alone can that be."""
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Fixpoint] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español")]
"""Each in its own words: whoever looks for a language reads that one."""
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env.text("FIXPOINT_TIME_ZONE", "UTC")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.text("FIXPOINT_STATIC_ROOT", "") or None
_MODULES = Path(env.text("FIXPOINT_NODE_MODULES", str(BASE_DIR / "node_modules")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", _MODULES / "bootstrap" / "dist" / "css"),
    ("vendor/htmx", _MODULES / "htmx.org" / "dist"),
    ("vendor/tus", _MODULES / "tus-js-client" / "dist"),
]
WHITENOISE_USE_FINDERS = True
"""Static files are served straight from their packages: no collectstatic step before the first page."""

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(HOME / "files")}},
    "blobs": blobs_storage(str(HOME / "blobs")),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MAX_BODY_BYTES = env.number("FIXPOINT_MAX_BODY_MIB", 4100) * 2**20
"""No request is larger: the largest archive that a task may allow is 4 GiB."""
MAX_FORM_BYTES = 4 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
"""Every upload goes to disk as it arrives, whatever its size."""
FILE_UPLOAD_TEMP_DIR = env.text("FIXPOINT_UPLOAD_TEMP", str(HOME / "incoming"))
Path(FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
UPLOAD_HOURS = env.number("FIXPOINT_UPLOAD_HOURS", 7 * 24)
"""An upload that is not complete this long after its beginning is forgotten."""
MAX_UPLOADS = env.number("FIXPOINT_MAX_UPLOADS", 5)
"""Unfinished uploads of a person."""
MAX_UPLOADS_BYTES = env.number("FIXPOINT_MAX_UPLOADS_MIB", 8192) * 2**20
"""Announced bytes of a person's unfinished uploads together."""
UPLOAD_RESERVE_BYTES = env.number("FIXPOINT_UPLOAD_RESERVE_MIB", 1024) * 2**20
"""Of the disk, kept free of uploads: database, logs and blobs may lie there too."""
UPLOAD_SILENCE_SECONDS = env.number("FIXPOINT_UPLOAD_SILENCE_SECONDS", 30)
"""A request that sends nothing for this long is ended: its line may be dead, and it holds the file."""
UPLOAD_SWEEP_SECONDS = 60
MAX_STREAMS = env.number("FIXPOINT_MAX_STREAMS", 500)
"""Pages of entries that a web process follows by events at once; the others ask by themselves."""
MAX_STREAMS_PER_PERSON = env.number("FIXPOINT_MAX_STREAMS_PER_PERSON", 4)
"""Of one person. A browser opens six connections to a site at most, unless it speaks HTTP/2."""

CELERY_BROKER_URL = env.text("FIXPOINT_BROKER_URL", "") or broker_of(HOME)
IS_EMBEDDED = not env.text("FIXPOINT_BROKER_URL", "")
"""Whether Redis is ours to start."""
# The embedded default has one web process, which may count by itself; tests have brokers that are no Redis.
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "fixpoint.shared_cache.SharedCache", "LOCATION": CELERY_BROKER_URL}
    if not IS_EMBEDDED and urlsplit(CELERY_BROKER_URL).scheme in {"redis", "rediss"}
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": MOST_COUNTERS}}
}
WORKER_TOKEN = secret_of("FIXPOINT_WORKER_TOKEN", HOME / "worker_token")
"""By it a worker shows that it is one of this installation's when it tells of itself."""
LEASE_SECONDS = env.number("FIXPOINT_LEASE_SECONDS", 120)
"""A claimed attempt that has been silent for this long is taken back."""
RESEND_SECONDS = env.number("FIXPOINT_RESEND_SECONDS", 60)
"""A job that nobody has claimed is sent again after this long, then after twice as long, and so on."""
RETRY_SECONDS = env.number("FIXPOINT_RETRY_SECONDS", 15)
"""After a fault of ours an entry is tried again after this long, the third time after four times as long."""
AVOID_SECONDS = env.number("FIXPOINT_AVOID_SECONDS", 120)
"""For this long another worker is asked first, where one takes jobs of the same queue; then whoever comes."""
HELLO_SECONDS = 5.0
"""A worker tells of itself this often, and four times in the silence after which it counts as gone."""
WORKER_SILENT_SECONDS = env.number("FIXPOINT_WORKER_SILENT_SECONDS", 20)
"""A worker that has not told of itself for this long counts as gone."""
SWEEP_SECONDS = env.number("FIXPOINT_SWEEP_SECONDS", 10)
CHORE_SECONDS = 60
"""How often a mark goes through the queue of the platform's long work, to show that somebody does it."""
EXAMINE_SECONDS = 60
"""How often pre-checks are made up for that the broker lost."""
NOTICE_SECONDS = 60
"""How often notices are mailed, all that have come together since."""
FREEZE_SECONDS = 30
"""How often it is looked whether the standings of a closed task can be frozen, or have changed."""
BASELINE_SECONDS = 10
"""How often it is looked whether a task has become ready whose baselines wait to be entered."""
HEARTBEAT_SECONDS = 1.0
MAX_ATTEMPTS = 3
ADDRESS_SECONDS = env.number("FIXPOINT_ADDRESS_SECONDS", 24 * 3600)
"""How long a signed address lives: longer than the longest run, as outputs are handed in at its end."""
JOB_HANDLERS = {
    "dataset": "fixpoint.datasets.handler.DatasetIngestion",
    "material": "fixpoint.tasks.handler.MaterialIngestion",
    "submission": "fixpoint.submissions.handler.Evaluation",
}
DATASET_ENTRY = "fixpoint.submissions.acceptance.dataset_enter"
"""Enters a dataset that was to be entered on its acceptance; what it returns says why that could not be."""
STORAGE_BYTES_PER_PERSON = env.number("FIXPOINT_STORAGE_GIB_PER_PERSON", 20) * 2**30
"""Of the zips that a participant keeps, over all tasks; 0: no limit."""
STORAGE_ANNOUNCED = "fixpoint.uploads.selectors.bytes_announced"
"""Counts what is on its way and will be kept too."""
MAX_DATASETS_PER_DAY = env.number("FIXPOINT_MAX_DATASETS_PER_DAY", 100)
"""Of a participant, in 24 hours, over all tasks; 0: no limit."""
KEEP_DELETED_DAYS = env.days("FIXPOINT_KEEP_DELETED_DAYS", 30, least=30)
"""A deleted dataset can be restored for so long. Here and below 0 is for ever."""
KEEP_UNREAD_DAYS = env.days("FIXPOINT_KEEP_UNREAD_DAYS", 30)
"""The zip of a dataset whose reading ended in refusal, error or cancel."""
KEEP_IDLE_DAYS = env.days("FIXPOINT_KEEP_IDLE_DAYS", 0)
"""An accepted dataset that was never entered; then it is deleted, and can be restored as any other."""
KEEP_WEIGHTS_DAYS = env.days("FIXPOINT_KEEP_WEIGHTS_DAYS", 90)
"""Trained weights of an entry that is over and stands on no board."""
BLOB_GRACE_SECONDS = env.number("FIXPOINT_BLOB_GRACE_HOURS", 48) * 3600
"""A blob that nothing names is marked after so long and deleted after as long again; longer than an address lives."""
KEEPS_HOUSE = env.flag("FIXPOINT_KEEPS_HOUSE", default=True)
"""Whether retention and the sweep of blobs run by themselves, once a day."""
HOUSE_SECONDS = 3600
"""How often it is asked whether a day is over."""
KEEP_ACCOUNT_DAYS = 30
"""A person who has deleted their account comes back by signing in again for so long; then it is erased."""
BLOB_COLUMNS = (
    "fixpoint.tasks.blob_columns.COLUMNS",
    "fixpoint.datasets.blob_columns.COLUMNS",
    "fixpoint.submissions.blob_columns.COLUMNS",
)
"""Each app's columns that name blobs: what they name is kept."""
SANDBOX_NOTICE = env.text("FIXPOINT_SANDBOX_NOTICE", "")
"""Shown on every page; `make demo` says here that it trains without isolation."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # They tell addresses with their signatures.
    "loggers": {each: {"level": "WARNING"} for each in ("httpx", "boto3", "botocore", "s3transfer", "urllib3")},
    "root": {"handlers": ["console"], "level": env.text("FIXPOINT_LOG_LEVEL", "INFO")},
}
