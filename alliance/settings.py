"""Settings of the portal, all read from the environment (or a `.env` file); `.env.example` names each variable.

Without `DATABASE_URL` the portal runs on the embedded PostgreSQL of `make run`: that is the only place where a secret
key is made up, where the host names default to this computer and where HTTPS-only settings may be off.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)

# --- Database: the embedded default, or the one that DATABASE_URL names -----------------------------------------------

EMBEDDED = not env.str("DATABASE_URL", default="")


def database_from(url):
    """Read the address of a PostgreSQL database; anything else stops the start."""
    try:
        database = env.db_url_config(url) if url.startswith(("postgres://", "postgresql://")) else {}
    except ValueError:
        database = {}
    if not database.get("NAME"):
        raise ImproperlyConfigured(
            "DATABASE_URL is no address of a PostgreSQL database: postgres://user:password@host/name"
        )
    return database


if EMBEDDED:
    from dev.database import cluster, secret_key

    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", **cluster().address}}
else:
    secret_key = None
    DATABASES = {"default": database_from(env.str("DATABASE_URL"))}
    # A socket folder comes as ?host=/folder, which django-environ leaves among the options.
    if socket_folder := DATABASES["default"].get("OPTIONS", {}).pop("host", None):
        DATABASES["default"]["HOST"] = socket_folder

DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True


def required(name, embedded_default):
    """Return the variable; the default holds on the embedded database only, elsewhere a missing one stops the start."""
    value = env.str(name, default="")
    if value:
        return value
    if EMBEDDED:
        return embedded_default()
    raise ImproperlyConfigured(f"{name} is not set: set it in the environment or in .env (see .env.example)")


SECRET_KEY = required("SECRET_KEY", secret_key)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = [
    host.strip() for host in required("ALLOWED_HOSTS", lambda: "localhost,127.0.0.1,[::1]").split(",") if host.strip()
]

HTTPS_ONLY = env.bool("HTTPS_ONLY", default=not EMBEDDED)
if not (HTTPS_ONLY or EMBEDDED):
    raise ImproperlyConfigured("HTTPS_ONLY can be off only on the embedded database: unset it")

# --- The site ---------------------------------------------------------------------------------------------------------

SITE_NAME = env.str("SITE_NAME", default="The Alliance")
SITE_TAGLINE = env.str("SITE_TAGLINE", default="Governments working for racial equity")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default=f"corrections@{ALLOWED_HOSTS[0].lstrip('.*') or 'localhost'}")

INSTALLED_APPS = [
    "alliance.core",
    "cohorts",
    "members.partners",
    "members.collaborations",
    "resources",
    "members.peers",
    "members.pathway",
    "alliance.core.apps.PortalAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "alliance.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "simple_history",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "alliance.core.audit.RequestIdMiddleware",
    "alliance.access.AccessMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "alliance.core.pages.MovedMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "alliance.urls"
WSGI_APPLICATION = "alliance.wsgi.application"

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
                "alliance.core.pages.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django.contrib.humanize.templatetags.humanize",
                "alliance.core.templatetags.portal",
            ],
        },
    },
]

# --- People -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
# It asks for unique=True on the address; ours is unique regardless of case, by a constraint on Lower("email").
SILENCED_SYSTEM_CHECKS = ["auth.E003", "auth.W004"]
AUTHENTICATION_BACKENDS = ["alliance.accounts.backends.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
# Messages wait in the session: one cookie less.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

ACCOUNT_ADAPTER = "alliance.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "alliance.accounts.forms.LoginForm",
    "signup": "alliance.accounts.forms.SignupForm",
    "add_email": "alliance.accounts.forms.AddEmailForm",
    "change_password": "alliance.accounts.forms.ChangePasswordForm",
    "set_password": "alliance.accounts.forms.SetPasswordForm",
    "reset_password": "alliance.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "alliance.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "alliance.accounts.forms.ReauthenticateForm",
    "confirm_login_code": "alliance.accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "alliance.accounts.forms.ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": "alliance.accounts.forms.ConfirmPasswordResetCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_REDIRECT_URL = "account"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900  # seconds
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_TIMEOUT
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = True
SESSION_ENGINE = "alliance.core.sessions"
# Our own limits count in one statement and say when the door opens: alliance/accounts/doors.py.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "alliance.accounts.adapter.TwoStepAdapter"
MFA_FORMS = {
    "authenticate": "alliance.accounts.forms.AuthenticateForm",
    "reauthenticate": "alliance.accounts.forms.ReauthenticateTwoStepForm",
    "activate_totp": "alliance.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "alliance.accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "alliance.accounts.forms.EditWebAuthnForm",
    "login_webauthn": "alliance.accounts.forms.LoginWebAuthnForm",
    "authenticate_webauthn": "alliance.accounts.forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "alliance.accounts.forms.ReauthenticateWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
# All passkeys here are unlocked by their owner; a key that is only touched must not count, whichever page asked for it.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Browsers give passkeys to http://localhost alone of all plain addresses.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS_ONLY

# --- Mail: through the outbox (alliance/core/mail.py), then where EMAIL_URL says --------------------------------------

SITE_URL = env.str(
    "SITE_URL", default=f"https://{ALLOWED_HOSTS[0].lstrip('.*')}" if HTTPS_ONLY else "http://localhost:8000"
)
MAIL_FOLDER = BASE_DIR / "var" / "mail"


def mail_server(url):
    """Return the settings of the mail server at `url`; without one, mail of the embedded default becomes files."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": MAIL_FOLDER}
    if not url.startswith(("smtp://", "smtp+tls://", "smtp+ssl://")):
        raise ImproperlyConfigured("EMAIL_URL is no address of a mail server: smtp+tls://user:password@host:587")
    return env.email_url_config(url)


vars().update(mail_server(required("EMAIL_URL", str)))
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default=CONTACT_EMAIL)

# --- Language and time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", _("English"))]
USE_TZ = True
TIME_ZONE = "America/Chicago"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Files that people send: in MEDIA_ROOT, or in an S3 bucket; only our own views hand them out ----------------------

MEDIA_ROOT = BASE_DIR / "var" / "media"


def file_storage(bucket):
    """Return the storage of sent files. boto3 reads keys, region and endpoint from its own variables."""
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "file_overwrite": False,
            "querystring_auth": False,
            "max_memory_size": 2**20,  # what is larger is read through a temporary file
        },
    }


FILE_UPLOAD_HANDLERS = [
    "alliance.core.uploads.BodyLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Characters of the longest form: more than all answers of a section together can have; a test counts them. A browser
# sends up to 12 bytes for one, as %F0%9F%8F%98; beyond that comes 413.
LONGEST_FORM = 400_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * LONGEST_FORM

# --- Static files: hashed, immutable and compressed ahead of time by WhiteNoise ---------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": file_storage(env.str("FILES_BUCKET", default="")),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Headers: what `manage.py check --deploy` asks for, and a policy that allows only our own origin ------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS_ONLY
# nginx, which docs/deploy.md puts in front, sets this header and drops what a visitor sent under that name.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS_ONLY else None
# The same nginx says which address a visitor came from.
BEHIND_PROXY = HTTPS_ONLY
# systemd and load balancers ask from this computer, in plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
CSRF_FAILURE_VIEW = "alliance.views.csrf_failure"

# --- Log: one line an event, to the standard error that systemd keeps -------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "alliance.log.WithoutKeys", "fmt": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
