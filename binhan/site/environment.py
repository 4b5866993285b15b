"""What the operator sets: BINHAN_* variables (each with an _FILE twin) and the secrets in the data directory."""
from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

KNOWN = {
    "BINHAN_DATA_DIR": "where everything is kept (default ./.binhan)",
    "BINHAN_PORT": "the public port (default 8000)",
    "BINHAN_HOST": "the address to listen on (default 127.0.0.1; 0.0.0.0 for all)",
    "BINHAN_DATABASE_URL": "owner URL of a PostgreSQL server of your own (default: the embedded one)",
    "BINHAN_SECRET_KEY": "signing key (default: made on first start, kept in the data directory)",
    "BINHAN_PUBLIC_URL": "address that people use, e.g. https://binhan.example.gov.vn",
    "BINHAN_LOG_LEVEL": "debug, info, warning or error (default info)",
    "BINHAN_SMS_NUMBER": "number that receives SOS text messages (default none)",
    "BINHAN_SMTP_URL": "smtp://user:password@host:port for e-mail (default none: no e-mail is queued)",
    "BINHAN_HUNG_AFTER": "seconds without an answer after which a part is ended and started again (5 or more; default 20)",
    "BINHAN_WEB_ADDRESS": "internal: where the front door finds the office (host:port, several with a comma between)",
    "BINHAN_DESK_ADDRESS": "internal: the same for what desks, patrols and SOS are worked with",
    "BINHAN_SHARED": "tests only: folder with the large test data",
}
LOG_LEVELS = ("debug", "info", "warning", "error")
SCHEMES = {"BINHAN_DATABASE_URL": ("postgresql", "postgres"), "BINHAN_PUBLIC_URL": ("http", "https"),
           "BINHAN_SMTP_URL": ("smtp", "smtp+tls")}
ROLES = ("binhan_owner", "binhan_app", "binhan_live")


class EnvironmentProblem(Exception):
    """The environment is set up wrongly; the message says what to change."""


class DatabaseIsNewer(EnvironmentProblem):
    """The database was brought to a version of the code that this one knows nothing of."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings of one running system; paths absolute, URLs without trailing slash."""

    data_dir: Path
    port: int
    host: str
    public_url: str
    secret_key: str
    database_url: str | None
    log_level: str
    sms_number: str
    smtp_url: str
    web_address: str
    desk_address: str
    hung_after_s: int

    @property
    def key(self) -> bytes:
        """The signing key for tokens."""
        return hashlib.sha256(self.secret_key.encode("utf-8")).digest()

    @property
    def embedded(self) -> bool:
        """True when we run PostgreSQL ourselves."""
        return self.database_url is None

    @property
    def socket_dir(self) -> Path:
        """Where the embedded server's socket lies: short, since a socket path may have 107 characters."""
        digest = hashlib.sha256(str(self.data_dir).encode("utf-8")).hexdigest()[:12]
        return Path("/tmp") / f"binhan-{digest}"

    def password(self, role: str) -> str:
        """The database password of a role, derived from the secret key."""
        return hmac.new(self.key, f"db:{role}".encode(), hashlib.sha256).hexdigest()[:40]

    def dsn(self, role: str, database: str | None = None) -> str:
        """The PostgreSQL URL for one of our roles ('postgres' is the embedded server's superuser)."""
        if self.database_url is None:
            name = database or "binhan"
            return f"postgresql://{role}:{self.password(role)}@/{name}?host={quote(str(self.socket_dir), safe='')}"
        parts = urlsplit(self.database_url)
        path = f"/{database}" if database else parts.path
        if role in ("postgres", "binhan_owner"):
            return urlunsplit(parts._replace(path=path))
        address = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{role}:{self.password(role)}@{address}", path=path))

    @property
    def owner_dsn(self) -> str:
        """Owns every table; used for migrations only."""
        return self.dsn("binhan_owner")

    @property
    def app_dsn(self) -> str:
        """Django's role: row-level security binds it."""
        return self.dsn("binhan_app")

    @property
    def live_dsn(self) -> str:
        """The hot path's role: may only execute live_* functions."""
        return self.dsn("binhan_live")


def read_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """The BINHAN_* values, `_FILE` twins read; raises on an unknown name or an unreadable file."""
    values: dict[str, str] = {}
    for name, value in variables.items():
        if not name.startswith("BINHAN_"):
            continue
        plain, twin = name.removesuffix("_FILE"), name.endswith("_FILE")
        if plain not in KNOWN:
            raise EnvironmentProblem(f"{name} is not a setting of Bình An. Known: {', '.join(sorted(KNOWN))}"
                                     " (each also as …_FILE).")
        if twin and plain in variables:
            raise EnvironmentProblem(f"{plain} and {name} are both set. Keep one of them.")
        if twin:
            try:
                value = Path(value).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise EnvironmentProblem(f"{name}: cannot read {value}: {error.strerror}.") from error
            except UnicodeDecodeError:
                raise EnvironmentProblem(f"{name}: {value} is not UTF-8 text.") from None
        values[plain] = value
    return values


def keep_secret(directory: Path, name: str) -> str:
    """The secret of that name under `directory`, made (0600) if it is not there yet."""
    path = directory / name
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()


def _check_forms(values: Mapping[str, str]) -> None:
    """Addresses and the log level: said now, not by a part that fails to start. An empty one is as if not set."""
    for name, schemes in SCHEMES.items():
        if values.get(name) and urlsplit(values[name]).scheme not in schemes:
            raise EnvironmentProblem(f"{name} must begin with {' or '.join(s + '://' for s in schemes)}.")
    if values.get("BINHAN_LOG_LEVEL", "info").lower() not in LOG_LEVELS:
        raise EnvironmentProblem(f"BINHAN_LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}.")


def _number(values: Mapping[str, str], name: str, usual: int, allowed: range) -> int:
    given = values.get(name) or str(usual)
    try:
        number = int(given)
    except ValueError:
        raise EnvironmentProblem(f"{name} must be a number, not {given!r}.") from None
    if number not in allowed:
        raise EnvironmentProblem(f"{name} must lie between {allowed[0]} and {allowed[-1]}, not {number}.")
    return number


def set_variable(name: str, value: str) -> None:
    """Set a variable of this process and its children; it goes before a _FILE twin that the operator gave."""
    os.environ.pop(f"{name}_FILE", None)
    os.environ[name] = value


def load(variables: Mapping[str, str] | None = None) -> Environment:
    """The environment of this process. Makes the secret key on first use."""
    values = read_variables(os.environ if variables is None else variables)
    data_dir = Path(values.get("BINHAN_DATA_DIR", ".binhan")).resolve()  # one directory, one name
    port = _number(values, "BINHAN_PORT", 8000, range(1, 65536))
    _check_forms(values)
    return Environment(
        data_dir=data_dir, port=port, host=values.get("BINHAN_HOST", "127.0.0.1"),
        public_url=values.get("BINHAN_PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
        secret_key=values.get("BINHAN_SECRET_KEY") or keep_secret(data_dir / "secrets", "secret_key"),
        database_url=values.get("BINHAN_DATABASE_URL"), log_level=values.get("BINHAN_LOG_LEVEL", "info").lower(),
        sms_number=values.get("BINHAN_SMS_NUMBER", ""), smtp_url=values.get("BINHAN_SMTP_URL", ""),
        web_address=values.get("BINHAN_WEB_ADDRESS", f"127.0.0.1:{port + 1}"),
        desk_address=values.get("BINHAN_DESK_ADDRESS", f"127.0.0.1:{port + 2}"),
        hung_after_s=_number(values, "BINHAN_HUNG_AFTER", 20, range(5, 3601)))
