"""Settings of one centre, all taken from the environment (`HAIDANG_*`, `DATABASE_URL`, `NATS_URL`).

Nothing here is secret: the key is made at first start and kept in the home folder.
"""

import contextlib
import ipaddress
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from haidang.config.addresses import postgres_socket

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "haidang"


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip()
    try:
        return int(text) if text else default
    except ValueError:
        raise SystemExit(
            f"{name}={text!r} is not a whole number; set a port or leave it empty ({default})."
        ) from None


def _ports(name: str) -> range | None:
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and int(first) <= int(last) <= 65535):
        raise SystemExit(f"{name}={text!r} is not a range of ports; write it as 30000-30099.")
    return range(int(first), int(last) + 1)


def _address(name: str) -> str | None:
    text = os.environ.get(name, "").strip()
    try:
        return str(ipaddress.IPv4Address(text)) if text else None
    except ValueError:
        raise SystemExit(
            f"{name}={text!r} is not an IPv4 address; passive FTP can announce nothing else."
        ) from None


# --- the home folder and what stands in it -------------------------------------------------------------------
HAIDANG_HOME = Path(os.environ.get("HAIDANG_HOME") or PROJECT / "var").absolute()
HAIDANG_BIND = os.environ.get("HAIDANG_BIND") or "127.0.0.1"
HAIDANG_PORT = _number("HAIDANG_PORT", 8000)
HAIDANG_DOORS_PORT = _number("HAIDANG_DOORS_PORT", 8001)
HAIDANG_MQTT_PORT = _number("HAIDANG_MQTT_PORT", 1883)
# Connections one address may hold at the MQTT door: stations behind one proxy or mobile network share theirs.
HAIDANG_MQTT_PER_ADDRESS = _number("HAIDANG_MQTT_PER_ADDRESS", 500)
HAIDANG_FTP_PORT = _number("HAIDANG_FTP_PORT", 2121)
# When the embedded stream syncs to disk. Anything but "always" loses what was acknowledged in a power cut.
HAIDANG_WIRE_SYNC = os.environ.get("HAIDANG_WIRE_SYNC") or "always"
# Passive FTP behind NAT: ports to open in the firewall (30000-30099) and the address clients see.
HAIDANG_FTP_PASSIVE_PORTS = _ports("HAIDANG_FTP_PASSIVE_PORTS")
HAIDANG_FTP_ADDRESS = _address("HAIDANG_FTP_ADDRESS")
# Explicit TLS for FTP: PEM files of the certificate with its chain and of its key (None: it stands in the first).
HAIDANG_FTP_CERTIFICATE = os.environ.get("HAIDANG_FTP_CERTIFICATE") or None
HAIDANG_FTP_KEY = os.environ.get("HAIDANG_FTP_KEY") or None
HAIDANG_FTP_TLS_ONLY = os.environ.get("HAIDANG_FTP_TLS_ONLY", "") not in ("", "0")
# Hosts inside the office's network that pulls may go to; all other internal addresses are refused.
HAIDANG_PULL_INTERNAL = os.environ.get("HAIDANG_PULL_INTERNAL", "")
HAIDANG_PUBLIC_URL = (os.environ.get("HAIDANG_PUBLIC_URL") or f"http://localhost:{HAIDANG_PORT}").rstrip("/")
# Folders of a province's own domains, outside the package, separated like PATH.
HAIDANG_DOMAINS = [Path(p).absolute() for p in os.environ.get("HAIDANG_DOMAINS", "").split(os.pathsep) if p]
HAIDANG_DEMO = os.environ.get("HAIDANG_DEMO", "")

# Unset: the supervisor starts an embedded one and puts its address here through `haidang.config.places_of`.
NATS_URL = os.environ.get("NATS_URL", "")
HAIDANG_MQTT_URL = os.environ.get("HAIDANG_MQTT_URL", "")


def _secret_key() -> str:
    """The centre's own key: from the environment, else made once and kept readable by its owner only."""
    if key := os.environ.get("HAIDANG_SECRET_KEY"):
        return key
    path = HAIDANG_HOME / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written under another name and renamed: two processes starting at once must end with one key.
        draft = path.with_name(f"secret-key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def _database() -> dict[str, object]:
    """`DATABASE_URL` as Django wants it; without one, the socket of the embedded server in the home folder."""
    url = urlsplit(os.environ.get("DATABASE_URL") or "")
    if url.scheme not in ("", "postgresql", "postgres"):
        raise SystemExit(
            f"DATABASE_URL has scheme {url.scheme!r}; Hải Đăng needs postgresql://user@host/name."
        )
    if not url.scheme:
        return {
            "HOST": postgres_socket(HAIDANG_HOME),
            "NAME": "haidang",
            "USER": "haidang",
            "PASSWORD": "",
            "PORT": "",
        }
    return {
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "NAME": unquote(url.path.lstrip("/")) or "haidang",
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
    }


def _mail_port(security: str) -> int:
    return _number("HAIDANG_MAIL_PORT", {"tls": 465, "starttls": 587}.get(security, 25))


# --- mail: off until a server is named ------------------------------------------------------------------------
_mail_security = os.environ.get("HAIDANG_MAIL_SECURITY") or "starttls"
if _mail_security not in ("starttls", "tls", "none"):
    raise SystemExit(f"HAIDANG_MAIL_SECURITY={_mail_security!r} is not one of starttls, tls, none.")
EMAIL_HOST = os.environ.get("HAIDANG_MAIL_HOST", "").strip()
EMAIL_PORT = _mail_port(_mail_security)
EMAIL_HOST_USER = os.environ.get("HAIDANG_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("HAIDANG_MAIL_PASSWORD", "")
EMAIL_USE_TLS = _mail_security == "starttls"
EMAIL_USE_SSL = _mail_security == "tls"
EMAIL_TIMEOUT = 20  # seconds; shorter than the time after which a message counts as abandoned
DEFAULT_FROM_EMAIL = os.environ.get("HAIDANG_MAIL_FROM") or "hai-dang@localhost"


# --- Django --------------------------------------------------------------------------------------------------
SECRET_KEY = _secret_key()
DEBUG = False
_public = urlsplit(HAIDANG_PUBLIC_URL)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", _public.hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [HAIDANG_PUBLIC_URL]
_secure = _public.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

ENGINE_APPS = [
    "places",
    "people",
    "assets",
    "audit",
    "notify",
    "jobs",
    "store",
    "indicators",
    "forecasting",
    "submissions",
    "counting",
    "reconciliation",
    "rules",
    "alarms",
    "incidents",
    "tasks",
    "boards",
    "opendata",
    "reports",
    "onboarding",
    "drafts",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "procrastinate.contrib.django",
    *(f"haidang.engine.{name}" for name in ENGINE_APPS),
]

# A page that fails says that the fault was written down: here is where. Without it Django tells an error to nobody
# outside of DEBUG. What a browser did wrong (404, 403, a bad host) is counted, not written.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"errors": {"class": "logging.StreamHandler", "level": "ERROR", "formatter": "plain"}},
    "loggers": {"django.request": {"handlers": ["errors"], "level": "ERROR", "propagate": False}},
}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "haidang.engine.people.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "haidang.engine.people.sessions.Console",
    "haidang.config.web.wrong_method.SaidWrongMethod",
    "haidang.config.web.nul.WithoutNul",
    "haidang.engine.boards.asof.LookingBack",
]

ROOT_URLCONF = "haidang.config.urls"
WSGI_APPLICATION = None
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "haidang.engine.boards.frame.frame",
            ],
            "builtins": ["haidang.engine.boards.templatetags.sheet"],
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "haidang"},
        **_database(),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "haidang.engine.people.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "haidang.engine.people.passwords.NotCommon"},
    {"NAME": "haidang.engine.people.passwords.NotTheName"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Accounts are made by administrators; sign-in is by e-mail and password, then a code where one is set up.
ACCOUNT_ADAPTER = "haidang.engine.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_FORMS = {
    "login": "haidang.engine.people.forms.SignInForm",
    "reauthenticate": "haidang.engine.people.forms.ConfirmPasswordForm",
    "change_password": "haidang.engine.people.forms.ChangePasswordForm",
}
# Wrong passwords are slowed by `people.sign_in`, per account and origin; `login_failed` is left to wrong codes,
# which only somebody with the password can send.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "5/5m/key", "reauthenticate": "20/m/user"}
MFA_ADAPTER = "haidang.engine.people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "haidang.engine.people.forms.CodeForm",
    "reauthenticate": "haidang.engine.people.forms.CodeAgainForm",
    "activate_totp": "haidang.engine.people.forms.ActivateForm",
}
# Who must have a second factor: administrators, everyone or nobody. Demo accounts are exempt.
HAIDANG_REQUIRE_TOTP = os.environ.get("HAIDANG_REQUIRE_TOTP") or "administrators"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

# A periodic job whose forerunner still waits is no error of the database.
PROCRASTINATE_ON_APP_READY = "haidang.engine.jobs.queue.ask_first"
# Workers find the tasks themselves: they need half of the centre, which other processes would read at their start for nothing.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = PROJECT / "staticfiles"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HAIDANG_HOME / "media"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files are served straight from the tree by config/web/files.py: there is no collect step to forget.

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": ["/csp-report"],
    }
}
