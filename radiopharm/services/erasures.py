"""Erase who a patient was: not while a record must name them; signed; repeated after a restore."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from radiopharm.core import erasing
from radiopharm.core.actions import Action
from radiopharm.core.backups import BadBackup
from radiopharm.core.erasing import EraseIdentity
from radiopharm.core.patients import Erased, Patient
from radiopharm.core.people import Site
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Refusal, Refused
from radiopharm.core.retention import Retention
from radiopharm.services import retention, signatures
from radiopharm.store import Connection, Engine, acts, erasures, patients, residues
from radiopharm.store.acts import Act

LIST = "erased-patients.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A patient, how long their records must name them, and why they cannot be erased now."""

    patient: Patient
    kept: list[Retention]
    refusals: tuple[Refusal, ...]


def check(db: Connection, reference: Reference, site: Site, patient: str, at: datetime) -> Check:
    """What stands in the way of erasing a patient; nobody's identity is in it. Or `NotFound`."""
    found = patients.get(db, site.id, patient)
    kept = retention.of_patient(db, reference, site, patient, at)
    today = at.astimezone(ZoneInfo(site.zone)).date()
    broken = erasing.refusals(found, kept, today)
    return Check(patient=found, kept=kept, refusals=broken)


def erase(act: Act, patient: str, command: EraseIdentity, roles: Collection[str]) -> Erased:
    """Destroy the key of a patient's identity, signed by one of *roles*; or `Refused`."""
    found = check(act.db, act.reference, act.actor.site, patient, act.now)
    if found.refusals:
        raise Refused(found.refusals)
    meaning = signatures.meaning_of(command.signature, erasing.MEANING)
    said = erasing.statement(patient, command.reason, len(found.kept), meaning)
    signature_id = signatures.sign(act, said, command.signature, roles=roles)
    audited = signatures.audited(act.db, signature_id)
    erased = Erased(at=act.now, by=audited["signer"], reason=command.reason)
    erasures.add(act.db, patient, erased, signature_id=signature_id)
    act.record(
        Action.PATIENT_ERASED, f"patient:{patient}", reason=command.reason, signature=audited
    )
    return erased


def repeat(act: Act, listed: Mapping[str, Erased]) -> int:
    """Erase again, in a database just restored, whom it still knows; returns how many."""
    back = sorted(listed.keys() & erasures.keyed(act.db))
    for reference in back:
        erased = listed[reference]
        erasures.add(act.db, reference, erased, repeated_at=act.now)
        act.record(
            Action.PATIENT_ERASED,
            f"patient:{reference}",
            reason=erased.reason,
            repeated=True,
            erased_at=erased.at,
            by=erased.by,
        )
    return len(back)


def keep_list(db: Connection, key: bytes, folder: Path) -> None:
    """Keep the signed list of erased references in *folder*; what it listed before stays in it."""
    everyone = {**listed(folder, key), **erasures.every(db)}
    if not everyone:
        return
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{LIST}.part"
    part.touch(mode=0o600)
    part.write_text(erasing.written(everyone, key), encoding="utf-8")
    part.replace(folder / LIST)


def settle(engine: Engine, key: bytes, folder: Path) -> bool:
    """After an erasure: write over what it left in the files, and keep the list.

    False where the list was not kept. The night's wiping and the next backup try both again.
    """
    residues.wipe(engine)
    try:
        with acts.reading(engine) as db:
            keep_list(db, key, folder)
    except (BadBackup, OSError):
        return False
    return True


def listed(folder: Path, key: bytes) -> dict[str, Erased]:
    """Whom the list in *folder* names; nobody where there is none. Raises `BadBackup`."""
    with suppress(FileNotFoundError):
        return erasing.read((folder / LIST).read_text(encoding="utf-8"), key)
    return {}
