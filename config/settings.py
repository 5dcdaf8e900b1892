"""What a site sets, read once from the environment (prefix RADIOPHARM_) into one frozen value.

A key may be given in a variable or in a file named by the same variable with `_FILE`. With the
embedded SQLite database and no secret or identity key given, each is made beside it, readable by
its owner only.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
USUAL_DATABASE = f"sqlite:///{ROOT / 'var' / 'radiopharm.db'}"
USUAL_NUMBERS = "{year}-{sequence}-{nuclide}-{place}"
MIN_KEY_LENGTH = 32
SEAL_KEY_LENGTH = 32
KEYS = (
    "RADIOPHARM_SECRET_KEY",
    "RADIOPHARM_IDENTITY_KEY",
    "RADIOPHARM_AUDIT_KEY",
    "RADIOPHARM_SEAL_KEY",
)


class BadSetting(ValueError):
    """A setting that cannot be used; the message names the variable and says what it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the house is told from outside. The README has the same list in words."""

    database_url: str
    secret_key: str = field(repr=False)
    identity_key: bytes = field(repr=False)
    audit_key: bytes = field(repr=False)
    seal_key: bytes = field(repr=False)
    site_name: str
    site_zone: str
    snapshot_minutes: int
    near_expiry_hours: int
    working_hours: str
    container_numbers: str
    lock_minutes_hot_lab: int
    lock_minutes_office: int
    locked_minutes: int
    session_hours: int
    https: bool
    directory: Path
    backup_directory: Path
    anchors: tuple[str, ...] = ()
    retired_seal_keys: Mapping[str, datetime] = field(default_factory=dict)
    key_files: tuple[Path, ...] = ()
    reference_directory: Path = ROOT / "config"


def from_environment(environ: Mapping[str, str]) -> Settings:
    """The settings of this process; raises `BadSetting` naming the variable that cannot be used."""
    url = _database(environ.get("RADIOPHARM_DATABASE_URL") or USUAL_DATABASE)
    secret = _key(environ, "RADIOPHARM_SECRET_KEY", url)
    # never derived: the secret may be changed any day, and identities must outlive that
    identity = _key(environ, "RADIOPHARM_IDENTITY_KEY", url)
    audit = _audit_key(environ, secret)
    return Settings(
        database_url=url,
        secret_key=secret,
        identity_key=identity.encode(),
        audit_key=audit,
        seal_key=_seal_key(environ, secret),
        site_name=environ.get("RADIOPHARM_SITE_NAME") or "Radiopharmacy",
        site_zone=_zone(environ.get("RADIOPHARM_SITE_ZONE") or "UTC"),
        snapshot_minutes=_whole(environ, "RADIOPHARM_SNAPSHOT_MINUTES", 15, 1, 60),
        near_expiry_hours=_whole(environ, "RADIOPHARM_NEAR_EXPIRY_HOURS", 12, 1, 240),
        working_hours=environ.get("RADIOPHARM_WORKING_HOURS") or "07:00-18:00",
        container_numbers=environ.get("RADIOPHARM_CONTAINER_NUMBERS") or USUAL_NUMBERS,
        lock_minutes_hot_lab=_whole(environ, "RADIOPHARM_LOCK_MINUTES_HOT_LAB", 5, 2, 60),
        lock_minutes_office=_whole(environ, "RADIOPHARM_LOCK_MINUTES_OFFICE", 10, 2, 60),
        locked_minutes=_whole(environ, "RADIOPHARM_LOCKED_MINUTES", 30, 1, 720),
        session_hours=_whole(environ, "RADIOPHARM_SESSION_HOURS", 12, 1, 24),
        https=_whole(environ, "RADIOPHARM_HTTPS", 0, 0, 1) == 1,
        directory=_beside(url),
        backup_directory=Path(
            environ.get("RADIOPHARM_BACKUP_DIRECTORY") or _beside(url) / "backups"
        ),
        anchors=tuple(environ.get("RADIOPHARM_ANCHORS", "").split()),
        retired_seal_keys=dict(
            map(_retired, environ.get("RADIOPHARM_RETIRED_SEAL_KEYS", "").split())
        ),
        key_files=_key_files(environ, url),
    )


def _database(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise BadSetting(
            "RADIOPHARM_DATABASE_URL must begin with sqlite:/// or postgresql:// "
            "(sqlite:///var/radiopharm.db is one)"
        )
    return url


def _key(environ: Mapping[str, str], name: str, url: str) -> str:
    if given := _given_key(environ, name):
        return given
    if url.startswith("sqlite"):
        return _own_key(_own_key_file(url, name))
    raise BadSetting(
        f"{name} is not set; make one with: python -c 'import secrets; "
        "print(secrets.token_hex(32))'"
    )


def _audit_key(environ: Mapping[str, str], secret: str) -> bytes:
    given = _given_key(environ, "RADIOPHARM_AUDIT_KEY")
    if given:
        return given.encode()
    # derived, so that it never lies in the database; README says what that costs
    return hmac.new(secret.encode(), b"radiopharm audit head", hashlib.sha256).digest()


def _seal_key(environ: Mapping[str, str], secret: str) -> bytes:
    """32 bytes: the private Ed25519 key of the seals, best known to the scheduler alone."""
    given = _given_key(environ, "RADIOPHARM_SEAL_KEY") or secret
    return hmac.new(given.encode(), b"radiopharm audit seal", hashlib.sha256).digest()


def _retired(text: str) -> tuple[str, datetime]:
    """A public key and until when it sealed: ``KEY@2026-06-01T12:00:00Z``."""
    key, _, until = text.partition("@")
    try:
        at = datetime.fromisoformat(until)
        if len(bytes.fromhex(key)) == SEAL_KEY_LENGTH and at.tzinfo is not None:
            return key, at
    except ValueError:
        pass
    raise BadSetting(
        "RADIOPHARM_RETIRED_SEAL_KEYS must be like KEY@2026-06-01T12:00:00Z, blanks between, as "
        "audit retire-seal-key prints it"
    )


def _given_key(environ: Mapping[str, str], name: str) -> str:
    given = environ.get(name) or _from_file(f"{name}_FILE", environ.get(f"{name}_FILE"))
    if given and len(given) < MIN_KEY_LENGTH:
        raise BadSetting(f"{name} must have at least {MIN_KEY_LENGTH} characters")
    return given


def _from_file(name: str, path: str | None) -> str:
    try:
        return Path(path).read_text().strip() if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{name} names a file that cannot be read") from error


def _key_files(environ: Mapping[str, str], url: str) -> tuple[Path, ...]:
    given = (environ.get(f"{name}_FILE") for name in KEYS)
    own = (_own_key_file(url, name) for name in KEYS[:2])
    return (*(Path(path) for path in given if path), *own)


def _own_key_file(url: str, name: str) -> Path:
    return _beside(url) / name.removeprefix("RADIOPHARM_").lower()


def _own_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()


def _beside(url: str) -> Path:
    if not url.startswith("sqlite"):
        return ROOT / "var"
    return Path(url.partition(":///")[2] or "var/radiopharm.db").resolve().parent


def _whole(environ: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    given = environ.get(name)
    if not given:
        return usual
    if not given.isascii() or not given.isdigit() or not least <= int(given) <= most:
        raise BadSetting(f"{name} must be a whole number from {least} to {most}")
    return int(given)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadSetting(
            f"RADIOPHARM_SITE_ZONE: {name} is no time zone (Europe/Paris is)"
        ) from error
    return name
