"""Backups that count: signed when made, and proved before they replace anything."""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from radiopharm.core import backups as manifests
from radiopharm.core.actions import Action
from radiopharm.core.backups import BadBackup, Contents, Manifest
from radiopharm.core.patients import Erased
from radiopharm.core.people import SYSTEM
from radiopharm.core.reference import Reference
from radiopharm.services import audits, erasures, ledgers
from radiopharm.services.audits import Witnessed
from radiopharm.store import (
    Connection,
    Engine,
    acts,
    audit_trail,
    backups,
    migrations,
    residues,
    sessions,
)
from radiopharm.store import erasures as stored_erasures
from radiopharm.store.acts import Act
from radiopharm.store.backups_contents import contents

KEPT = 14
NIGHTLY = "radiopharm-{:%Y%m%dT%H%M%SZ}.backup"


def save(engine: Engine, key: bytes, file: Path, now: datetime) -> Manifest:
    """Back the database up into *file*, with a signed manifest beside it.

    Made while others write; neither file is there before both are whole. An existing file is
    refused with `BadBackup`.
    """
    if file.exists():
        raise BadBackup(f"{file.name} is there already. A backup never writes over another.")
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)
        held = backups.save(engine, part)
        manifest = Manifest(
            made_at=now, engine=engine.dialect.name, sha256=_sha256(part), contents=held
        )
        _write(manifest_of(file), manifests.written(manifest, key))
        _keep_erased(engine, key, file.parent)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def restore(
    engine: Engine,
    key: bytes,
    file: Path,
    now: datetime,
    reference: Reference,
    *,
    safety: Path | None = None,
    erased: Mapping[str, Erased] | None = None,
) -> Manifest:
    """Put the backup in *file* in place of the database, or raise `BadBackup` and change nothing.

    Everything the manifest says, the ledgers and the audit chain are checked on a copy first. A
    database that holds something is backed up to *safety* before; without it, it is refused. Whom
    *erased*, the list beside the file or the database replaced names is erased again.
    """
    manifest = _checked(file, key, engine.dialect.name)
    replaced: Contents | None = None
    with backups.unpacked(engine, file) as copy:
        _require_sound(copy, manifest, key)
        if not backups.is_empty(engine):
            if safety is None:
                raise BadBackup(
                    "The database is not empty. Say --replace to put this in its place."
                )
            replaced = save(engine, key, safety, now).contents
        again = {**(erased or {}), **erasures.listed(file.parent, key), **_erased(engine)}
        _record(copy, key, now, reference, manifest, replaced, again)
        backups.swap(engine, copy)
    residues.wipe(engine)
    return manifest


def nightly(
    engine: Engine, key: bytes, directory: Path, now: datetime, keep: int = KEPT
) -> Manifest:
    """A new backup in *directory*, named by its instant; of the older ones the newest stay."""
    manifest = save(engine, key, directory / NIGHTLY.format(now), now)
    made = sorted(directory.glob("radiopharm-*.backup"), reverse=True)
    for old in made[keep:]:
        old.unlink()
        manifest_of(old).unlink(missing_ok=True)
    return manifest


def witnessed(db: Connection, directory: Path, key: bytes) -> Witnessed:
    """Where the audit streams ended by the manifests in *directory*: stream → number → hash.

    Manifests from before the newest restore tell of another history and do not count.
    """
    since = audit_trail.newest_at(db, str(Action.RESTORED))
    found: dict[str, dict[int, str]] = {}
    for path in directory.glob("*.manifest.json"):
        with suppress(BadBackup):
            manifest = manifests.read(path.read_text(encoding="utf-8"), key)
            if since is None or manifest.made_at > since:
                for head in manifest.contents.heads.values():
                    found.setdefault(head.stream, {})[head.number] = head.hash
    return found


def manifest_of(file: Path) -> Path:
    """Where the manifest of a backup lies."""
    return file.with_name(file.name + ".manifest.json")


def _checked(file: Path, key: bytes, engine: str) -> Manifest:
    for needed in (file, manifest_of(file)):
        if not needed.is_file():
            raise BadBackup(f"{needed.name} is missing.")
    manifest = manifests.read(manifest_of(file).read_text(encoding="utf-8"), key)
    if manifest.sha256 != _sha256(file):
        raise BadBackup("The file is not the one that was backed up: its SHA-256 differs.")
    if manifest.engine != engine:
        raise BadBackup(f"This is a backup of {manifest.engine}, the database here is {engine}.")
    if manifest.contents.revision != migrations.newest():
        raise BadBackup(
            f"The backup has schema {manifest.contents.revision}, this program needs "
            f"{migrations.newest()}. Restore it with the version that made it, then upgrade."
        )
    return manifest


def _require_sound(copy: Engine, manifest: Manifest, key: bytes) -> None:
    with acts.reading(copy) as db:
        wrong = manifests.differences(manifest.contents, contents(db))
        wrong += list(ledgers.verify(db))
        bad = audits.verify(db, key).first_bad
    if bad:
        wrong.append(f"Audit stream {bad.stream}, event {bad.number}: {bad.message}.")
    if wrong:
        raise BadBackup(" ".join(wrong[:10]))


def _record(
    copy: Engine,
    key: bytes,
    now: datetime,
    reference: Reference,
    manifest: Manifest,
    replaced: Contents | None,
    erased: Mapping[str, Erased],
) -> None:
    def work(act: Act) -> acts.Answer:
        sessions.end_every_session(act.db, act.now)
        ends = {head.stream: head.hash for head in replaced.heads.values()} if replaced else {}
        act.record(
            Action.RESTORED,
            made_at=manifest.made_at,
            sha256=manifest.sha256,
            erased_again=erasures.repeat(act, erased),
            old={"heads": ends},
        )
        return {}

    acts.perform(copy, work, actor=SYSTEM, now=now, reference=reference, audit_key=key)


def _keep_erased(engine: Engine, key: bytes, folder: Path) -> None:
    with acts.reading(engine) as db:
        erasures.keep_list(db, key, folder)


def _erased(engine: Engine) -> Mapping[str, Erased]:
    with acts.reading(engine) as db:
        return stored_erasures.every(db)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
