"""Django's settings, read from the environment; nothing here is specific to one ward."""
from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from binhan.site.contexts import CONTEXTS
from binhan.site.environment import load

ENV = load()
SECRET_KEY = ENV.secret_key
DEBUG = False
ALLOWED_HOSTS = ["*"]  # the front door passes the Host on; links are built from PUBLIC_URL
PUBLIC_URL = ENV.public_url
SECURE = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "binhan.site.office_config.OfficeConfig", "django.contrib.auth", "django.contrib.contenttypes",
    "django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles",
    "allauth", "allauth.account", "allauth.mfa", "axes", "django_safemigrate",
    *CONTEXTS,
    "binhan.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "binhan.commons.access.middleware.ApiProblems",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "binhan.commons.access.middleware.ContentPolicy",
    "binhan.commons.access.middleware.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "binhan.commons.access.middleware.SecondFactor",
    "binhan.commons.access.middleware.WardScope",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "binhan.site.urls"
WSGI_APPLICATION = "binhan.site.wsgi.application"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
    "DIRS": [Path(__file__).parent / "templates"],  # before allauth's own
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages", "django.template.context_processors.i18n",
        "binhan.site.pages.banner"]},
}]


def _database(dsn: str, **more: str) -> dict[str, Any]:
    parts = urlsplit(dsn)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {"ENGINE": "django.db.backends.postgresql", "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host", parts.hostname or "")), "PORT": parts.port or "",
            "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "OPTIONS": {"connect_timeout": 5, **more}}


# A migration that waits for a lock makes everybody behind it wait too: it gives up, and is tried again.
MIGRATING = "-c lock_timeout=4s -c statement_timeout=15min"
# A session that stands still inside its transaction is ended, sooner when it holds a ward's journal (journal_append_rows);
# a machine that has gone without a word is noticed in seconds. Both also on a server of the operator's own.
SERVING = ("-c idle_in_transaction_session_timeout=20s -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2"
           " -c tcp_keepalives_count=3")
DATABASES = {"default": _database(ENV.app_dsn, options=SERVING), "owner": _database(ENV.owner_dsn, options=MIGRATING)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend",
                           "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/office/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_ADAPTER = "binhan.commons.access.adapter.RightsAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Bình An] "  # otherwise the Host that the asker claimed to be calling
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/5m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the front door names the client; otherwise one stranger's failures would lock out all
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = "Bình An"
SECOND_FACTOR_GRACE_LOGINS = 1  # administrators, leadership and the DPO: sign-ins before the second factor is due
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours: a duty officer who mistypes is back within 15 minutes
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"  # what allauth calls the login; otherwise nobody would be recognised, nor locked
AXES_LOCKOUT_TEMPLATE = "site/locked.html"
AXES_CLIENT_IP_CALLABLE = "binhan.commons.access.middleware.client_ip"
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = "binhan.site.formats"
STATIC_URL = "/static/"
STATIC_ROOT = ENV.data_dir / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "binhan.site.pages.not_ours"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0  # the front door says the same on what it answers itself
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

if ENV.smtp_url:
    _smtp = urlsplit(ENV.smtp_url)
    EMAIL_HOST, EMAIL_PORT = _smtp.hostname or "localhost", _smtp.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_smtp.username or ""), unquote(_smtp.password or "")
    EMAIL_USE_TLS = _smtp.scheme == "smtp+tls"
DEFAULT_FROM_EMAIL = "binhan@localhost"

LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENV.log_level.upper()},
    "loggers": {"axes": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
