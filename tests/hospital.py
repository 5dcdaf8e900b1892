"""A small hospital: one site in Madrid, one person per role, and whole values to act with."""

import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher

from config.settings import USUAL_NUMBERS, Settings
from radiopharm.core.instruments import AddInstrument, InstrumentKind
from radiopharm.core.patients import RecordPatient
from radiopharm.core.people import Person
from radiopharm.core.receiving import ReceiveVial
from radiopharm.core.signing import Signing
from radiopharm.runtime import Runtime
from radiopharm.services import accounts as service
from radiopharm.services import receiving, workstations
from radiopharm.store import accounts, acts, instruments, patients, signatures
from radiopharm.store.acts import Act
from radiopharm.store.tables.directives import (
    directive_events,
    directive_versions,
    directives,
)

ROLES = service.ROLES
TOKENS = {role: f"rp_{role}_token_of_the_tests" for role in (*ROLES, "everyone")}
PASSWORD = "bench in the basement"
PIN = "271828"
IDENTITY_KEY = b"i" * 32
FOUNDED = datetime(2026, 1, 1, tzinfo=UTC)
CALIBRATOR = AddInstrument(
    name="Calibrator A", kind=InstrumentKind.ACTIVITY_METER, serial="CA-1042"
)
SURVEY_METER = AddInstrument(name="Survey meter", kind=InstrumentKind.SURVEY_METER, serial="SM-77")
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_HASH, _PIN_HASH = _CHEAP.hash(PASSWORD), _CHEAP.hash(PIN)


def found(engine: sa.Engine) -> None:
    """The site, one person per role (user name = role), and a token for each."""
    with acts.writing(engine) as db:
        site = accounts.add_site(db, "Hospital Sant Joan", "Europe/Madrid", FOUNDED)
        for role in ROLES:
            user_id = accounts.add_user(db, site.id, role, role.title(), _HASH, [role], FOUNDED)
            accounts.set_user(db, user_id, pin_hash=_PIN_HASH)
            accounts.add_token(db, user_id, "tests", service.secret_hash(TOKENS[role]), FOUNDED)
        everyone = accounts.add_user(
            db, site.id, "everyone", "Holds Every Role", _HASH, ROLES, FOUNDED
        )
        accounts.add_token(db, everyone, "tests", service.secret_hash(TOKENS["everyone"]), FOUNDED)
        second = accounts.add_user(
            db, site.id, "second", "Second Pharmacist", _HASH, ["radiopharmacist"], FOUNDED
        )
        accounts.set_user(db, second, pin_hash=_PIN_HASH)
        for instrument in (CALIBRATOR, SURVEY_METER):
            instruments.add(db, site.id, instrument, FOUNDED)


def colleague(runtime: Runtime) -> str:
    """The token of another person who holds every role."""
    token = "rp_colleague_token_of_the_tests"
    with acts.writing(runtime.engine) as db:
        site = accounts.first_site(db)
        assert site is not None
        user_id = accounts.add_user(
            db, site.id, "colleague", "Holds Them Too", _HASH, ROLES, FOUNDED
        )
        accounts.add_token(db, user_id, "tests", service.secret_hash(token), FOUNDED)
    return token


def settings(url: str, folder: Path) -> Settings:
    """Settings of a test process."""
    return Settings(
        database_url=url,
        secret_key="k" * 40,
        identity_key=IDENTITY_KEY,
        audit_key=b"a" * 32,
        seal_key=b"s" * 32,
        site_name="Hospital Sant Joan",
        site_zone="Europe/Madrid",
        snapshot_minutes=15,
        near_expiry_hours=12,
        working_hours="07:00-18:00",
        container_numbers=USUAL_NUMBERS,
        lock_minutes_hot_lab=5,
        lock_minutes_office=10,
        locked_minutes=30,
        session_hours=12,
        https=False,
        directory=folder,
        backup_directory=folder / "backups",
    )


def signing(runtime: Runtime, username: str, secret: str) -> Signing:
    """A signature as the door hands it to an act: its secret proved."""
    given = Signing(username=username, secret=secret)
    return runtime.proved(given, person(runtime, username), runtime.clock())


def person(runtime: Runtime, username: str) -> Person:
    """The person of a role, as who acts."""
    with runtime.reading() as db:
        row = accounts.account(db, username)
        assert row is not None
        found = accounts.person(db, row.id, via="test", at=runtime.clock())
    assert found is not None
    return found


def calibrator(runtime: Runtime) -> int:
    """The id of Calibrator A."""
    return _instrument(runtime, InstrumentKind.ACTIVITY_METER)


def survey_meter(runtime: Runtime) -> int:
    """The id of the survey meter."""
    return _instrument(runtime, InstrumentKind.SURVEY_METER)


def delivery(now: datetime, **changes: Any) -> ReceiveVial:
    """A Lutathera vial of 20.5 mL at 370 MBq/mL, calibrated two days ahead."""
    reference_at = now + timedelta(days=2)
    usual: dict[str, Any] = {
        "product": "lutathera",
        "lot": "LT-26-0311",
        "activity_bq": 7_585_000_000,
        "activity_text": "7585 MBq",
        "volume_ul": 20_500,
        "volume_text": "20.5 mL",
        "reference_at": reference_at,
        "reference_zone": "Europe/Madrid",
        "expires_at": reference_at + timedelta(hours=72),
        "received_at": now,
    }
    return ReceiveVial(**{**usual, **changes})


def enrol(runtime: Runtime) -> str:
    """The device cookie of a workstation in the hot lab."""
    cookies: list[str] = []

    def work(act: Act) -> acts.Answer:
        code = workstations.enrol(act, "Hot cell 1", "B-112", "hot_lab")
        cookies.append(workstations.claim(act, code))
        return {"id": 0}

    _act(runtime, "admin", work)
    return cookies[-1]


def receive(runtime: Runtime, **changes: Any) -> int:
    """A received vial's id."""

    def work(act: Act) -> acts.Answer:
        return {"id": receiving.receive(act, delivery(act.now, **changes))}

    return _act(runtime, "radiopharmacist", work)


def accepted(runtime: Runtime, **changes: Any) -> int:
    """A received and accepted vial's id."""
    vial_id = receive(runtime, **changes)

    def work(act: Act) -> acts.Answer:
        receiving.accept(act, vial_id, 1, "")
        return {"id": vial_id}

    return _act(runtime, "second", work)


def _instrument(runtime: Runtime, kind: InstrumentKind) -> int:
    with runtime.reading() as db:
        site = accounts.first_site(db)
        assert site is not None
        return instruments.of_site(db, site.id, kind)[0].id


def _act(runtime: Runtime, username: str, work: acts.Work) -> int:
    answer = runtime.act(work, actor=person(runtime, username), now=runtime.clock()).answer
    return int(answer["id"])


def directive(runtime: Runtime, *, signed: bool = True, **changes: Any) -> int:
    """A directive for 7.4 GBq of Lutathera planned two days and two hours ahead; its id."""
    planned = runtime.clock() + timedelta(days=2, hours=2)
    values: dict[str, Any] = {
        "product": "lutathera",
        "prescribed_bq": 7_400_000_000,
        "lowest_bq": None,
        "highest_bq": None,
        "prescribed_text": "7.4 GBq",
        "planned_for": planned,
        "route": "intravenous",
        "indication": "GEP-NET",
        "cycle": 1,
        "notes": "",
        "reason": "",
        "version": 1,
        "recorded_at": runtime.clock(),
        **changes,
    }
    physician = person(runtime, "physician")
    with acts.writing(runtime.engine) as db:
        return _write_directive(db, physician, values, signed)


def _write_directive(
    db: sa.Connection, physician: Person, values: dict[str, Any], signed: bool
) -> int:
    reference = f"P-{next(_patients):08d}"
    at, by = values["recorded_at"], physician.id
    who = RecordPatient(
        hospital_number=reference,
        family_name="Canary",
        given_name="Carla",
        birth_date=date(1960, 2, 29),
    )
    patients.add(db, physician.site.id, reference, who, at)
    made = db.execute(
        directives.insert().values(
            site_id=physician.site.id, patient=reference, recorded_at=at, actor_id=by
        )
    )
    number = int(made.inserted_primary_key[0])
    db.execute(
        directive_versions.insert().values(
            directive_id=number, actor_id=by, prescriber_id=by, **values
        )
    )
    if signed:
        signature_id = signatures.add(
            db,
            user_id=by,
            signer_name=physician.display_name,
            roles="physician",
            meaning="Prescribed by me",
            means="password",
            shown_hash="0" * 64,
            signed_at=at,
        )
        db.execute(
            directive_events.insert().values(
                directive_id=number,
                version=values["version"],
                kind="signed",
                at=at,
                actor_id=by,
                reason="",
                signature_id=signature_id,
            )
        )
    return number


_patients = itertools.count(1)
