"""The site's identity key is changed: all or none, and the old one opens nobody any more."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from radiopharm.core.refusals import Conflict
from radiopharm.runtime import Runtime, make_runtime
from radiopharm.services import audits, rekeying
from radiopharm.store import acts, patients
from radiopharm.store.acts import Act
from radiopharm.store.vault import WrongKey
from tests import hospital
from tests.services.acting import do
from tests.services.test_residues import admit, found, needles

NEW_KEY = "n" * 32


def change_key(app: Flask, tmp_path: Path, text: str = NEW_KEY) -> Result:
    file = tmp_path / "new_key"
    file.write_text(text)
    file.chmod(0o600)
    arguments = ["patients", "change-key", str(file), "--reason", "The administrator left"]
    return app.test_cli_runner().invoke(args=arguments)


def with_new_key(runtime: Runtime) -> Runtime:
    return make_runtime(replace(runtime.settings, identity_key=NEW_KEY.encode()), runtime.clock)


def opens(runtime: Runtime) -> bool:
    with runtime.reading() as db:
        return patients.is_key_right(db)


@pytest.mark.requirement("RQ-52")
def test_after_a_change_of_keys_the_new_one_opens_and_finds_everybody_and_the_old_one_nobody(
    app: Flask, runtime: Runtime, tmp_path: Path
) -> None:
    references = admit(runtime, 20)
    wrapped = needles(runtime, references)
    with runtime.reading() as db:
        before = patients.by_references(db, 1, references)
    said = change_key(app, tmp_path)
    assert (said.exit_code, said.output.split()[0]) == (0, "20")
    later = with_new_key(runtime)
    with later.reading() as db:
        assert patients.by_references(db, 1, references) == before
        number = before[references[0]].hospital_number
        assert patients.by_hospital_number(db, 1, number) == before[references[0]]
        assert audits.verify(db, runtime.settings.audit_key).first_bad is None
    assert not opens(runtime)
    assert found(runtime, *wrapped) == 0
    with pytest.raises(WrongKey):
        hospital.directive(runtime)  # by a process that still has the old key
    again = change_key(app, tmp_path)
    assert "was it changed already?" in again.output
    later.engine.dispose()


def test_a_change_of_keys_that_is_interrupted_changes_nothing(runtime: Runtime) -> None:
    admit(runtime, 3)

    def interrupted(act: Act) -> None:
        rekeying.rekey(act, NEW_KEY.encode(), "The administrator left")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do(runtime, interrupted)
    assert opens(runtime)


def test_a_wrong_old_key_changes_nothing(runtime: Runtime) -> None:
    admit(runtime, 3)
    other = with_new_key(runtime)
    with pytest.raises(Conflict, match="wrong_key"):
        do(other, lambda act: rekeying.rekey(act, b"o" * 32, "Asked for"))
    assert opens(runtime)
    other.engine.dispose()


@pytest.mark.parametrize(
    "attempt",
    [
        "number_digest = 'x'",
        "generation = 1",
        "generation = 2, wrapped_key = number_digest",
        "generation = 1, patient = 'P-99999999'",
    ],
)
def test_the_database_changes_a_key_once_for_each_change_that_stands(
    runtime: Runtime, attempt: str
) -> None:
    admit(runtime, 2)
    do(runtime, lambda act: rekeying.rekey(act, NEW_KEY.encode(), "Asked for"))
    with pytest.raises(sa.exc.DBAPIError), acts.writing(runtime.engine) as db:
        db.exec_driver_sql(f"UPDATE patient_keys SET {attempt} WHERE patient = 'P-00000001'")


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_key_that_others_can_read_or_that_is_short_is_refused(
    app: Flask, runtime: Runtime, tmp_path: Path
) -> None:
    assert "at least 32" in change_key(app, tmp_path, "short").output
    (tmp_path / "new_key").chmod(0o644)
    arguments = ["patients", "change-key", str(tmp_path / "new_key"), "--reason", "x"]
    assert "chmod 600" in app.test_cli_runner().invoke(args=arguments).output
