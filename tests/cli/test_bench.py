"""Workstations and badges at the command line."""

from pathlib import Path

from flask import Flask


def test_a_workstation_is_enrolled_listed_and_revoked(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    enrolled = run(
        args=["workstations", "enrol", "Hot cell 1", "--room", "B-112", "--kind", "hot_lab"]
    )
    assert "/workstations/claim" in enrolled.output
    assert "Hot cell 1, B-112, hot_lab: waiting" in run(args=["workstations", "list"]).output
    run(args=["workstations", "revoke", "1", "--reason", "Stolen"])
    assert "revoked" in run(args=["workstations", "list"]).output


def test_a_badge_is_issued_and_revoked(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["badges", "issue", "physician"]).output.startswith("U-")
    assert run(args=["badges", "revoke", "physician"]).exit_code == 0
    assert run(args=["badges", "revoke", "physician"]).exit_code != 0


def test_an_envelope_is_sealed_onto_a_paper_only_the_operator_reads(
    app: Flask, tmp_path: Path
) -> None:
    run, paper = app.test_cli_runner().invoke, tmp_path / "paper.pdf"
    asked = ["users", "seal-envelope", "--paper", str(paper), "--role"]
    assert run(args=[*asked, "admin"]).exit_code != 0
    assert not paper.exists()
    assert "opens once" in run(args=[*asked, "physician"]).output
    assert (paper.read_bytes()[:5], paper.stat().st_mode & 0o777) == (b"%PDF-", 0o600)
