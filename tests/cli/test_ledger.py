"""`flask ledger verify`."""

from flask import Flask

from radiopharm.runtime import Runtime
from tests import hospital
from tests.store.facts import plain_engine


def test_books_that_add_up_are_said_so(app: Flask, runtime: Runtime) -> None:
    hospital.accepted(runtime)
    answer = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert (answer.exit_code, answer.output) == (0, "every book adds up\n")


def test_a_vial_without_its_receipt_is_named(app: Flask, runtime: Runtime) -> None:
    vial_id = hospital.accepted(runtime)
    with plain_engine(runtime.settings.database_url).begin() as db:
        on_table = " ON ledger_entries" if db.dialect.name == "postgresql" else ""
        db.exec_driver_sql(
            f"DROP TRIGGER ledger_entries_no_{'change' if on_table else 'delete'}{on_table}"
        )
        db.exec_driver_sql("DELETE FROM ledger_entries")
    answer = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert answer.exit_code == 1
    assert f"V-{vial_id:06d}: there is no entry at all" in answer.output
