"""Tickets to sign with, misused over HTTP in every way: each is refused with words of its own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from radiopharm.core.actions import Action
from radiopharm.runtime import Runtime
from radiopharm.schemas.instants import instant_out
from radiopharm.services import accounts as service
from radiopharm.store import accounts, acts, audit, signatures
from radiopharm.store.acts import Act
from tests import hospital
from tests.conftest import NOON, StandingClock
from tests.doors import Api

Body = dict[str, Any]
TODAY = NOON + timedelta(days=2)
SIGNER = {"username": "radiopharmacist", "secret": hospital.PIN}


@pytest.fixture
def bench(api: Callable[[str], Api]) -> Api:
    return api("radiopharmacist")


@pytest.fixture
def dose_of(runtime: Runtime, clock: StandingClock) -> Callable[..., Body]:
    """A whole vial against its directive two days later, not signed yet."""

    def body(**changes: Any) -> Body:
        times = {"reference_at": TODAY, "expires_at": TODAY + timedelta(days=3)}
        vial_id = hospital.accepted(runtime, received_at=NOON, **times)
        directive_id = hospital.directive(runtime, planned_for=TODAY + timedelta(hours=2))
        clock.now = max(clock.now, TODAY)
        return {
            "directive_id": directive_id,
            "draws": [{"vial_id": vial_id, "after_sequence": 1}],
            "measured_activity": "7.4 GBq",
            "measured_at": instant_out(clock.now),
            "instrument_id": hospital.calibrator(runtime),
            **changes,
        }

    return body


def ticket(bench: Api, body: Body, **more: Any) -> str:
    """The ticket for a dose as it is shown now."""
    offered = bench.post("/dispensings/sign-ticket", {**body, **more}).json
    assert offered["refusals"] == []
    return str(offered["ticket"])


def sign(bench: Api, body: Body, sealed: str, **signer: str) -> TestResponse:
    return bench.post("/dispensings", {**body, "signature": {**SIGNER, "ticket": sealed, **signer}})


def code(answer: TestResponse) -> tuple[int, str]:
    """The status and the one code of a refusal."""
    (error,) = answer.json["errors"]
    return answer.status_code, error["code"]


@pytest.mark.requirement("RQ-50")
def test_what_is_shown_is_what_is_kept_with_the_signature(
    bench: Api, runtime: Runtime, dose_of: Callable[..., Body]
) -> None:
    body = dose_of()
    offered = bench.post("/dispensings/sign-ticket", body).json
    assert "Measured: 7.4 GBq at Wed 3 Jun 2026 14:00 CEST with Calibrator A." in offered["shown"]
    assert sign(bench, body, offered["ticket"]).status_code == 201
    with runtime.reading() as db:
        kept = max(signatures.by_ids(db, range(1, 9)).values(), key=lambda each: each.id)
    assert (list(kept.sentences), kept.shown_hash) == (offered["shown"], offered["hash"])
    assert (kept.meaning, kept.zone) == ("Dispensed by me", "Europe/Madrid")


def test_what_cannot_be_done_gets_its_reasons_and_no_ticket(
    bench: Api, dose_of: Callable[..., Body]
) -> None:
    offered = bench.post("/dispensings/sign-ticket", dose_of(measured_activity="5 GBq")).json
    assert offered["ticket"] is None
    assert {each["code"] for each in offered["refusals"]} == {
        "deviation_needs_reason",
        "deviation_needs_second_person",
    }


def test_a_program_may_still_sign_without_a_ticket(
    bench: Api, dose_of: Callable[..., Body]
) -> None:
    assert sign(bench, dose_of(), "").status_code == 201


@pytest.mark.requirement("RQ-50")
@pytest.mark.parametrize(
    "signer",
    [{"secret": "999999"}, {"username": "second", "secret": hospital.PASSWORD + "!"}],
    ids=["wrong", "of-another"],
)
def test_a_wrong_secret_or_that_of_another_signs_nothing(
    bench: Api, dose_of: Callable[..., Body], signer: dict[str, str]
) -> None:
    body = dose_of()
    sealed = ticket(bench, body)
    assert code(sign(bench, body, sealed, **signer)) == (403, "wrong_secret")
    assert sign(bench, body, sealed).status_code == 201


def test_the_right_secret_of_another_person_signs_nothing(
    bench: Api, runtime: Runtime, dose_of: Callable[..., Body]
) -> None:
    body = dose_of()
    with acts.writing(runtime.engine) as db:
        row = accounts.account(db, "second")
        assert row is not None
        accounts.set_user(db, row.id, pin_hash=service.HASHER.hash("161803"))
    assert code(sign(bench, body, ticket(bench, body), secret="161803")) == (403, "wrong_secret")


def test_a_ticket_of_another_session_signs_nothing(
    bench: Api, api: Callable[[str], Api], runtime: Runtime, dose_of: Callable[..., Body]
) -> None:
    body = dose_of()
    own_elsewhere = api("radiopharmacist")
    with acts.writing(runtime.engine) as db:
        row = accounts.account(db, "radiopharmacist")
        assert row is not None
        accounts.add_token(db, row.id, "tablet", service.secret_hash("rp_tablet"), NOON)
    own_elsewhere._headers = {"Authorization": "Bearer rp_tablet"}
    for elsewhere in (own_elsewhere, api("technologist")):
        sealed = ticket(elsewhere, body)
        assert code(sign(bench, body, sealed)) == (409, "ticket_of_another")


@pytest.mark.parametrize(("seconds", "status"), [(119, 201), (120, 409)])
def test_a_ticket_lives_for_two_minutes(
    bench: Api, clock: StandingClock, dose_of: Callable[..., Body], seconds: int, status: int
) -> None:
    body = dose_of()
    sealed = ticket(bench, body)
    clock.move(seconds=seconds)
    answer = sign(bench, body, sealed)
    assert answer.status_code == status
    assert status == 201 or code(answer)[1] == "ticket_expired"


def test_a_ticket_signs_once_even_after_the_dose_is_void(
    bench: Api, dose_of: Callable[..., Body]
) -> None:
    body = dose_of()
    sealed = ticket(bench, body)
    dose = sign(bench, body, sealed).json
    bench.post(f"/dispensings/{dose['id']}/void", {"drawn": False, "reason": "wrong syringe"})
    body["draws"][0]["after_sequence"] = 3
    assert code(sign(bench, body, sealed)) == (409, "ticket_used")
    assert sign(bench, body, ticket(bench, body)).status_code == 201


def test_a_ticket_for_one_dose_does_not_sign_another(
    bench: Api, dose_of: Callable[..., Body]
) -> None:
    one, other = dose_of(), dose_of()
    answer = sign(bench, other, ticket(bench, one))
    assert code(answer) == (409, "ticket_for_another_record")


@pytest.mark.requirement("RQ-50")
@pytest.mark.parametrize(
    "edit",
    [
        {"measured_activity": "7.5 GBq"},
        {"measured_at": "2026-06-03T11:59:00Z"},
        {"administer_at": "2026-06-03T14:01:00Z"},
        {"reason": "agreed"},
        {"draws": [{"vial_id": 1, "after_sequence": 1, "volume": "20.499 mL"}]},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_what_was_edited_since_comes_back_beside_what_was_shown(
    bench: Api, dose_of: Callable[..., Body], edit: Body
) -> None:
    body = dose_of()
    answer = sign(bench, {**body, **edit}, ticket(bench, body))
    assert code(answer) == (409, "ticket_changed")
    was, now = answer.json["now"]["was_shown"], answer.json["now"]["is_now"]
    assert was != now
    assert "Measured: 7.4 GBq at Wed 3 Jun 2026 14:00 CEST with Calibrator A." in was


def test_a_newer_version_of_the_directive_is_another_record(
    bench: Api, api: Callable[[str], Api], dose_of: Callable[..., Body]
) -> None:
    body, physician = dose_of(), api("physician")
    sealed = ticket(bench, body)
    at = f"/directives/{body['directive_id']}"
    changed = {"prescribed": "7.3 GBq", "reason": "weight", "after_version": 1}
    assert physician.post(f"{at}/versions", changed).status_code == 201
    signer = {"username": "physician", "secret": hospital.PASSWORD}
    signed = physician.post(f"{at}/sign", {"after_version": 2, "signature": signer})
    assert signed.status_code == 200
    answer = sign(bench, body, sealed)
    assert code(answer) == (409, "ticket_version")
    assert "version 1" in answer.json["now"]["was_shown"][0]
    assert "version 2" in answer.json["now"]["is_now"][0]


def test_a_swapped_meaning_signs_nothing(bench: Api, dose_of: Callable[..., Body]) -> None:
    body = dose_of()
    answer = sign(bench, body, ticket(bench, body), meaning="Seen by me")
    assert code(answer) == (409, "ticket_meaning")
    assert "Dispensed by me" in answer.json["errors"][0]["message"]


def test_a_forged_ticket_signs_nothing(bench: Api, dose_of: Callable[..., Body]) -> None:
    body = dose_of()
    sealed = ticket(bench, body)
    for forged in (sealed[:-1] + ("A" if sealed[-1] != "A" else "B"), "x" + sealed, "none"):
        assert code(sign(bench, body, forged)) == (409, "ticket_unreadable")


def test_a_signer_disabled_meanwhile_signs_nothing(
    bench: Api, runtime: Runtime, dose_of: Callable[..., Body]
) -> None:
    body = dose_of()
    sealed = ticket(bench, body)
    _as_admin(runtime, lambda act: service.disable_user(act, "second", "left"))
    answer = sign(bench, body, sealed, username="second")
    assert code(answer) == (403, "wrong_secret")


def test_a_signer_whose_role_was_taken_meanwhile_signs_nothing(
    bench: Api, runtime: Runtime, dose_of: Callable[..., Body]
) -> None:
    body = dose_of()
    sealed = ticket(bench, body)
    with acts.writing(runtime.engine) as db:
        db.exec_driver_sql(
            "DELETE FROM roles WHERE user_id = (SELECT id FROM users WHERE username = 'second')"
        )
    assert sign(bench, body, sealed, username="second").status_code == 403


def test_the_sixth_wrong_pin_waits_and_then_even_the_right_one_does(
    bench: Api, clock: StandingClock, runtime: Runtime, dose_of: Callable[..., Body]
) -> None:
    body = dose_of()
    for _ in range(5):
        assert sign(bench, body, ticket(bench, body), secret="999999").status_code == 403
    answer = sign(bench, body, ticket(bench, body))
    assert code(answer) == (429, "too_many_tries")
    with runtime.reading() as db:
        assert audit.times(db, "site:1", Action.SIGN_IN_FAILED, "user:radiopharmacist") == 5
    clock.move(minutes=1)
    assert sign(bench, body, ticket(bench, body)).status_code == 201


@pytest.mark.requirement("RQ-30")
@pytest.mark.parametrize(
    "name", ["Radiopharmacist", " radiopharmacist ", "RADIOPHARMACIST", "ｒadiopharmacist"]
)
def test_the_first_person_is_no_second_person_in_any_spelling(
    bench: Api, dose_of: Callable[..., Body], name: str
) -> None:
    second = {"username": name, "secret": hospital.PIN}
    answer = bench.post("/dispensings", {**dose_of(), "signature": SIGNER, "second": second})
    assert answer.status_code in (403, 422)
    assert code(answer)[1] in ("second_person", "wrong_secret")


def test_a_directive_is_signed_with_its_own_ticket_only(
    api: Callable[[str], Api], runtime: Runtime
) -> None:
    physician = api("physician")
    one, other = (hospital.directive(runtime, signed=False) for _ in range(2))
    seen = {"after_version": 1}
    offered = physician.post(f"/directives/{one}/sign-ticket", seen).json
    assert f"Directive R-{one:06d}, version 1" in offered["shown"][0]
    signer = {"username": "physician", "secret": hospital.PASSWORD, "ticket": offered["ticket"]}
    stolen = physician.post(f"/directives/{other}/sign", {**seen, "signature": signer})
    assert code(stolen) == (409, "ticket_for_another_record")
    assert physician.post(f"/directives/{one}/sign", {**seen, "signature": signer}).json["state"]


@pytest.mark.requirement("RQ-50")
def test_a_signature_is_printed_with_its_person_time_and_meaning_and_void_with_its_dose(
    bench: Api, dose_of: Callable[..., Body]
) -> None:
    body = dose_of()
    dose = sign(bench, body, ticket(bench, body)).json
    assert dose["signature"]["line"] == (
        "Signed by Radiopharmacist (radiopharmacist) at Wed 3 Jun 2026 14:00:00 CEST "
        "(2026-06-03 12:00:00Z) — Dispensed by me"
    )
    assert dose["signature"]["void"] is None
    voided = bench.post(f"/dispensings/{dose['id']}/void", {"drawn": False, "reason": "spilt"})
    assert voided.json["signature"]["void"] == (
        "Signature void: record voided Wed 3 Jun 2026 14:00 CEST: spilt"
    )


def _as_admin(runtime: Runtime, change: Callable[[Act], None]) -> None:
    def work(act: Act) -> dict[str, Any]:
        change(act)
        return {}

    runtime.act(work, actor=hospital.person(runtime, "admin"), now=runtime.clock())
