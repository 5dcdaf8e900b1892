"""One strict decoder before every JSON route: what cannot be read is said, nothing is saved."""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from tests import hospital
from tests.api.test_vials import LUTATHERA
from tests.doors import Api

HEADERS = {
    "Authorization": f"Bearer {hospital.TOKENS['radiopharmacist']}",
    "Idempotency-Key": "decoding",
}
JSON = "application/json"


def send(app: Flask, body: bytes, kind: str = JSON) -> tuple[int, str]:
    answer = app.test_client().post(
        "/api/v1/vials", data=body, headers={**HEADERS, "Content-Type": kind}
    )
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["saved"] is False
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    "body",
    [
        b'{"lot": NaN}',
        b'{"lot": Infinity}',
        b'{"lot": "a", "lot": "b"}',
        b"[" * 100_000,
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b'{"lot": "\\ud800"}',
        b'{"lot": "\xff"}',
        '{"lot": "x"}'.encode("utf-16"),
        b'{"lot": "x",}',
        b"{'lot': 'x'}",
        b'{"lot": ' + b"9" * 5000 + b"}",
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_not_strict_json_is_answered_400(app: Flask, body: bytes) -> None:
    assert send(app, body)[0] == 400


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", f"{JSON}; charset=utf-16"]
)
def test_another_kind_of_body_is_answered_415(app: Flask, kind: str) -> None:
    assert send(app, b"{}", kind)[0] == 415


@pytest.mark.parametrize("body", [b"5", b"null", b"[]", b'"x"', b"{}"])
def test_a_body_of_another_shape_is_answered_422(app: Flask, body: bytes) -> None:
    assert send(app, body)[0] == 422


def test_a_body_over_a_mebibyte_is_answered_413(app: Flask) -> None:
    assert send(app, b'"' + b"x" * 1024 * 1024 + b'"')[0] == 413


def test_a_field_that_is_not_ours_is_named_and_never_set(api: Callable[[str], Api]) -> None:
    answer = api("radiopharmacist").post("/vials", {"id": 7, "site_id": 2, "lot": "x"})
    assert {"id", "site_id"} <= {error["field"] for error in answer.json["errors"]}


@pytest.mark.parametrize(
    "lot", ["a\u0000b", "a\u202eb", "\u200b", "a\nb", "", "   ", "x" * 65, 5, True, ["x"], None]
)
def test_a_lot_that_cannot_be_printed_is_refused(api: Callable[[str], Api], lot: object) -> None:
    answer = api("radiopharmacist").post("/vials", {"lot": lot})
    assert "lot" in {error["field"] for error in answer.json["errors"]}


@pytest.mark.parametrize(
    ("at", "hint"),
    [
        ("2026-07-01T09:00", "offset is missing"),
        ("2026-07-01T09:00:00 01:00", "%2B"),
        ("2026-07-01", "such as"),
        ("20260701T090000Z", "such as"),
        ("2026-07-01T24:00:00Z", "no such"),
        ("2026-07-01T23:59:60Z", "no such"),
        ("2027-02-29T12:00:00Z", "no such"),
        ("2026-07-01T09:00:00+14:01", "offset must lie"),
        ("2026-07-01T09:00:00+23:59", "offset must lie"),
        ("2026-07-01T09:00:00+01:07", "quarter"),
        ("2026-07-01T09:00:00-00:00", "unknown"),
        ("0001-01-01T00:00:00+14:00", "year"),
        ("9999-12-31T23:59:59-12:00", "year"),
        ("2026-07-01T09:00:00.1234567Z", "6 decimals"),
        ("now", "such as"),
        ("1767225600", "such as"),
    ],
)
def test_an_instant_that_is_not_one_is_said_so(
    api: Callable[[str], Api], at: str, hint: str
) -> None:
    answer = api("auditor").get("/vials", at=at)
    assert answer.status_code == 422
    assert hint in answer.json["errors"][0]["message"]


@pytest.mark.parametrize(
    "path", ["/vials/0", "/vials/99999999999999999999", "/vials/1.0", "/vials/٣", "/vials/1e1"]
)
def test_an_address_of_no_record_is_simply_not_there(api: Callable[[str], Api], path: str) -> None:
    assert api("auditor").get(path).status_code == 404


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "201"}, {"after": "x"}, {"page": "2"}])
def test_a_page_that_cannot_be_is_answered_422(
    api: Callable[[str], Api], query: dict[str, str]
) -> None:
    assert api("auditor").get("/vials", **query).status_code == 422


def test_a_parameter_given_twice_is_refused(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/vials?limit=1&limit=2", headers=HEADERS)
    assert answer.status_code == 400


def test_a_method_that_is_not_there_says_which_are(app: Flask) -> None:
    answer = app.test_client().delete("/api/v1/vials/1", headers=HEADERS)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("key", ["", "x" * 256, "sch\u00e4fer"])
def test_a_key_that_cannot_be_kept_is_answered_400(app: Flask, key: str) -> None:
    headers = {**HEADERS, "Idempotency-Key": key}
    answer = app.test_client().post("/api/v1/instruments", json=METER, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("key", ["x" * 60, "x" * 64, "y" * 255])
def test_a_key_of_any_usual_length_makes_one_thing(api: Callable[[str], Api], key: str) -> None:
    door, other = api("everyone"), f"{key[:-1]}z"
    made = [door.post("/instruments", METER, key=key).json["id"] for _ in range(2)]
    assert made[0] == made[1]
    assert door.post("/instruments", {**METER, "serial": "78"}, key=other).json["id"] != made[0]


METER = {"name": "Meter", "kind": "survey_meter", "serial": "77"}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("role", "method", "path", "headers", "said"),
    [
        ("technologist", "GET", "/nothing", {}, (404, "not_found")),
        ("technologist", "GET", "/vials/9", {}, (404, "not_found")),
        ("technologist", "DELETE", "/vials/9", {}, (405, "method_not_allowed")),
        ("technologist", "POST", "/vials", {"Content-Type": JSON}, (428, "precondition_required")),
        (
            "technologist",
            "POST",
            "/vials",
            {"Content-Type": "text/xml"},
            (415, "unsupported_media_type"),
        ),
        ("auditor", "POST", "/vials", {"Content-Type": JSON}, (403, "forbidden")),
    ],
)
def test_every_problem_has_a_reason_with_its_code(
    app: Flask, role: str, method: str, path: str, headers: dict[str, str], said: tuple[int, str]
) -> None:
    bearer = {"Authorization": f"Bearer {hospital.TOKENS[role]}"}
    body = json.dumps(LUTATHERA) if method == "POST" else None
    answer = app.test_client().open(
        f"/api/v1{path}", method=method, data=body, headers={**headers, **bearer}
    )
    assert (answer.status_code, answer.json["errors"][0]["code"]) == said
    assert answer.json["errors"][0]["message"]


def test_without_a_token_everything_is_401(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/vials")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")
