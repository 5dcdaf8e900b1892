"""Identities of an older database are sealed on the way up and plain again on the way down."""

import sqlite3

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from radiopharm.runtime import Runtime
from radiopharm.store import acts, migrations, patients
from tests import hospital

SEALING = ScriptDirectory(str(migrations.FOLDER)).get_revision("0031")
BEFORE = str(SEALING.down_revision)
PLAIN = sa.text("SELECT reference, family_name, birth_date FROM patients")


@pytest.mark.requirement("RQ-52")
def test_identities_survive_sealing_in_both_directions(runtime: Runtime) -> None:
    hospital.directive(runtime)
    migrations.downgrade(runtime.engine, BEFORE)
    with acts.reading(runtime.engine) as db:
        ((reference, family_name, born),) = db.execute(PLAIN)
        assert (family_name, str(born)) == ("Canary", "1960-02-29")
    migrations.upgrade(runtime.engine)
    with acts.reading(runtime.engine) as db:
        found = patients.get(db, 1, reference)
        assert (found.name, str(found.birth_date)) == ("Canary, Carla", "1960-02-29")
        assert patients.by_hospital_number(db, 1, found.hospital_number) == found


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_no_plain_copy_is_left_in_the_file(runtime: Runtime, url: str) -> None:
    hospital.directive(runtime)
    migrations.downgrade(runtime.engine, BEFORE)
    file = url.removeprefix("sqlite:///")
    with open(file, "rb") as plain:
        assert b"Carla" in plain.read()
    migrations.upgrade(runtime.engine)
    with open(file, "rb") as sealed:
        assert b"Carla" not in sealed.read()
    assert sqlite3.connect(file).execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_key_goes_by_an_erasure_only_and_is_never_changed(runtime: Runtime) -> None:
    hospital.directive(runtime)
    for attempt in ("DELETE FROM patient_keys", "UPDATE patient_keys SET number_digest = 'x'"):
        with pytest.raises(sa.exc.DBAPIError), acts.writing(runtime.engine) as db:
            db.execute(sa.text(attempt))
