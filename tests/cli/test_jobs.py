"""Jobs at the command line."""

from click.testing import Result
from flask import Flask


def flask(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def test_a_job_is_run_by_hand_and_listed(app: Flask) -> None:
    assert "flags                never_ran" in flask(app, "jobs", "list").output
    assert flask(app, "jobs", "run", "flags").output == "flags: 0 changed\n"
    assert "flags                on_time" in flask(app, "jobs", "list").output


def test_a_missed_slot_is_run_by_hand_once(app: Flask) -> None:
    words = ("jobs", "run", "activity-snapshots", "--at", "2026-05-31T12:00:00Z")
    assert flask(app, *words).exit_code == 0
    again = flask(app, *words)
    assert (again.exit_code, "already run" in again.output) == (1, True)


def test_what_cannot_be_run_is_said_in_words(app: Flask) -> None:
    assert "There is no job polish" in flask(app, "jobs", "run", "polish").output
    assert "ahead" in flask(app, "jobs", "run", "flags", "--at", "2027-01-01T00:00:00Z").output
    assert "--at" in flask(app, "jobs", "run", "flags", "--at", "tomorrow").output
