"""A database that is full, read-only or gone: 503 with a clear sentence, nothing half-written."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from radiopharm.runtime import Runtime
from radiopharm.store.backups_contents import contents
from tests import hospital
from tests.doors import Api, Pages

SICKNESSES = ("gone", "full", "read-only")


@pytest.fixture(autouse=True)
def serving(app: Flask) -> None:
    """Errors are answered as in service, not raised into the test."""
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False


@contextlib.contextmanager
def ill(runtime: Runtime, how: str) -> Iterator[None]:
    """The database falls ill, and is well again afterwards."""
    is_sqlite = runtime.engine.dialect.name == "sqlite"
    if how == "gone":
        with (_file_away if is_sqlite else _no_connections)(runtime):
            yield
        return
    if not is_sqlite and how == "full":
        pytest.skip("a server's disk is not ours to fill")
    say = {
        ("full", True): "PRAGMA max_page_count = 1",  # no page beyond those it has
        ("read-only", True): "PRAGMA query_only = ON",
        ("read-only", False): "SET default_transaction_read_only = on",
    }[how, is_sqlite]

    def weaken(connection: Any, _record: object) -> None:
        if is_sqlite:
            connection.set_authorizer(None)
        connection.cursor().execute(say)
        connection.commit()

    runtime.engine.dispose()
    sa.event.listen(runtime.engine, "connect", weaken)
    yield
    sa.event.remove(runtime.engine, "connect", weaken)
    runtime.engine.dispose()


@contextlib.contextmanager
def _file_away(runtime: Runtime) -> Iterator[None]:
    runtime.engine.dispose()
    file = Path(str(runtime.engine.url.database))
    kept = file.rename(file.with_suffix(".away"))
    file.mkdir()
    yield
    file.rmdir()
    kept.rename(file)


@contextlib.contextmanager
def _no_connections(runtime: Runtime) -> Iterator[None]:
    name = runtime.engine.url.database
    server = sa.create_engine(
        runtime.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT"
    )
    with server.connect() as db:
        db.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        db.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :it"),
            {"it": name},
        )
        yield
        db.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    server.dispose()


def rows(runtime: Runtime) -> dict[str, int]:
    with runtime.reading() as db:
        return dict(contents(db).rows)


@pytest.mark.parametrize("how", SICKNESSES)
def test_a_program_is_told_to_try_again_and_nothing_is_kept(
    runtime: Runtime, api: Callable[[str], Api], how: str
) -> None:
    vial_id = hospital.accepted(runtime)
    before = rows(runtime)
    bench, body = api("radiopharmacist"), {"after_sequence": 1, "place": "Safe " * 30}
    with ill(runtime, how):
        answers = [bench.post(f"/vials/{vial_id}/move", body, key=f"{n}") for n in range(60)]
        assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (503, "5")
        assert answers[-1].json["detail"] == "Nothing was saved. Try again."
    kept = [answer for answer in answers if answer.status_code == 200]
    assert rows(runtime)["vial_events"] == before["vial_events"] + len(kept)
    assert bench.post(f"/vials/{vial_id}/move", body, key="59").status_code == 200


@pytest.mark.parametrize("how", ["gone", "read-only"])
def test_a_form_is_answered_in_words_and_can_be_sent_again(
    runtime: Runtime, pages: Callable[[str], Pages], how: str
) -> None:
    vial_id = hospital.accepted(runtime)
    bench = pages("radiopharmacist")
    token = bench.token()
    form = {"after_sequence": "1", "place": "Safe 2", "csrf_token": token}
    with ill(runtime, how):
        answer = bench.send(f"/vials/{vial_id}/move", form)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "Nothing was saved. Wait a moment, then send again." in answer.text
    assert bench.send(f"/vials/{vial_id}/move", form).status_code == 303


def test_without_a_database_every_page_says_so(
    app: Flask, runtime: Runtime, pages: Callable[[str], Pages]
) -> None:
    bench = pages("radiopharmacist")
    with ill(runtime, "gone"):
        assert bench.get("/stock").status_code == 503
        assert app.test_client().get("/sign-in").status_code == 503
        assert app.test_client().get("/healthz").status_code == 200
    assert bench.get("/stock").status_code == 200


def test_what_cannot_be_written_can_still_be_read(
    runtime: Runtime, pages: Callable[[str], Pages], clock: Callable[[], object]
) -> None:
    vial_id = hospital.accepted(runtime)
    bench = pages("radiopharmacist")
    bench.token()
    clock.move(minutes=2)  # type: ignore[attr-defined]  # the session's last sight is due
    with ill(runtime, "read-only"):
        assert bench.get(f"/vials/{vial_id}").status_code == 200


def test_a_refusal_of_the_book_is_no_illness(runtime: Runtime) -> None:
    with pytest.raises(sa.exc.IntegrityError), runtime.reading() as db:
        db.exec_driver_sql("INSERT INTO roles VALUES (1, 'king', '2026-01-01')")


@contextlib.contextmanager
def cut_off(runtime: Runtime, when: str) -> Iterator[None]:
    """The next commit is cut off before the server has it, or before its answer is here."""
    armed = [True]

    def cut(connection: sa.Connection) -> None:
        if not (armed and connection.get_execution_options().get("writing")):
            return
        armed.clear()
        driver = connection.connection.driver_connection
        assert driver is not None
        if when == "after":
            driver.execute("COMMIT")
        driver.close()

    sa.event.listen(runtime.engine, "commit", cut)
    yield
    sa.event.remove(runtime.engine, "commit", cut)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("when", ["before", "after"])
def test_when_the_answer_to_a_commit_is_lost_nobody_says_that_nothing_was_saved(
    runtime: Runtime, api: Callable[[str], Api], pages: Callable[[str], Pages], when: str
) -> None:
    path, place = f"/vials/{hospital.accepted(runtime)}/move", {"place": "Safe 2"}
    before, program, bench = rows(runtime), api("radiopharmacist"), pages("radiopharmacist")
    form = {"after_sequence": "1", **place, "csrf_token": bench.token(), "idempotency_key": "twice"}
    for send in (
        lambda: program.post(path, {"after_sequence": 1, **place}, key="once"),
        lambda: bench.send(path, form),
    ):
        with cut_off(runtime, when):
            answer = send()
        assert answer.status_code == 503
        assert "Nobody can say whether this was saved" in answer.text
        assert send().status_code in (200, 303)
    assert rows(runtime)["vial_events"] == before["vial_events"] + 2
