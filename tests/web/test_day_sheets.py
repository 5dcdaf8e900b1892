"""The day closed on paper: what was done, and at the foot a witness to hold the chain against."""

import io
from collections.abc import Callable

import pypdfium2
import zxingcpp
from flask import Flask

from radiopharm.core import seals as core
from radiopharm.core.actions import Action
from radiopharm.runtime import Runtime
from radiopharm.store import seals
from tests.doors import Pages
from tests.services.test_sealing import without_guard
from tests.web.test_audit_views import record


def scanned(pdf: bytes) -> tuple[str, str]:
    """The text of the only page, and what its code says."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    (page,) = list(document)
    text = " ".join(page.get_textpage().get_text_bounded().split())
    picture = page.render(scale=200 / 72).to_pil()
    document.close()
    return text, zxingcpp.read_barcode(picture).text


def closed(pages: Callable[[str], Pages], runtime: Runtime) -> tuple[str, str]:
    record(runtime, Action.DOSE_DISPENSED, "dose:7")
    answer = pages("radiopharmacist").post("/audit/day-sheet", {})
    assert answer.mimetype == "application/pdf"
    return scanned(answer.data)


def test_the_foot_is_a_seal_of_all_that_was_done_and_counts_as_an_anchor(
    pages, runtime: Runtime
) -> None:
    text, line = closed(pages, runtime)
    seal = core.read(line)
    with runtime.reading() as db:
        assert seal == seals.newest(db)["site:1"]
        assert [row.place for row in seals.last_anchored(db, "site:1")] == ["print"]
    assert "Dose dispensed 1" in text
    assert "Document printed 1" in text
    assert seal.hash[:16] in text


def test_a_scanned_foot_bears_the_chain_out_until_somebody_rewrites_it(
    app: Flask, pages, runtime: Runtime
) -> None:
    _, line = closed(pages, runtime)
    officer, run = pages("safety_officer"), app.test_cli_runner().invoke
    before = officer.get("/audit/anchor", line=line).text
    assert "still holds the event" in before
    assert run(args=["audit", "check-anchor", line]).exit_code == 0

    number = core.read(line).number
    changed = f"WHERE stream = 'site:1' AND number = {number}"
    without_guard(runtime, f"UPDATE audit_events SET canonical = canonical || ' ' {changed}")

    assert "not what it was then" in officer.get("/audit/anchor", line=line).text
    assert "of another event" in run(args=["audit", "check-anchor", line]).output


def test_a_foot_that_was_altered_or_is_none_is_said_so(pages, runtime: Runtime) -> None:
    _, line = closed(pages, runtime)
    officer = pages("safety_officer")
    altered = line.replace(" site:1 ", " site:2 ")
    assert "not made with this system" in officer.get("/audit/anchor", line=altered).text
    assert "no seal of ours" in officer.get("/audit/anchor", line="V-000017").text
