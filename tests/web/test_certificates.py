"""The certificate of a release: what was signed, to the byte, and a code to check it by."""

import zxingcpp

from radiopharm.runtime import Runtime
from tests.api.test_releasing import LU177M, TECHNOLOGIST, choose, derogate, measured
from tests.api.test_waste import release
from tests.cli.test_safety import sqlite_only
from tests.documents.conftest import read

CERTIFICATE = "/waste/1/certificate.pdf"


def test_it_says_what_was_signed_by_whom_and_holds_its_hash_in_a_code(
    api, pages, runtime: Runtime
) -> None:
    officer = api("safety_officer")
    choose(officer, signers=2)
    path = measured(officer, runtime)
    assert pages("auditor").get(CERTIFICATE).status_code == 404
    assert release(officer, path, releaser=TECHNOLOGIST, consignment="C-9").status_code == 201

    paper = pages("auditor").get(CERTIFICATE).data
    event = api("auditor").get("/audit-events", action="document:printed").json["items"][0]
    (page,), (picture,) = read(paper).texts, read(paper).pictures
    digest = event["facts"]["sha256"]
    for words in (
        "Release certificate W-000001", "us-dis", "10 CFR 35.92(a)", "SM-77", "C-9", digest,
        "Signed by Technologist (technologist)", "Signed by Safety_Officer (safety officer)",
    ):  # fmt: skip
        assert words in page
    assert zxingcpp.read_barcode(picture).text == f"W-000001 {digest}"
    assert pages("safety_officer").get(CERTIFICATE).data == paper
    assert api("auditor").get("/waste-containers/1/certificate.pdf").data == paper


@sqlite_only
def test_a_derogation_is_stamped_and_says_what_was_not_met(api, pages, runtime: Runtime) -> None:
    officer = api("safety_officer")
    choose(officer)
    path = measured(officer, runtime, *LU177M)
    assert derogate(api("derogator"), path).status_code == 201
    page = read(pages("auditor").get(CERTIFICATE).data).texts[0]
    assert "Derogation certificate" in page
    assert "It is not conform." in page
    assert "The store burns" in page
    assert "NOT MET" in page
