"""What the safety officer signs: a ticket signs once, for whom it was shown, and only its record.

A new signed act is a new row; a route that gives tickets and is in no row fails the test. The
fourteen misuses in full are tried on doses (tests/api/test_tickets.py).
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from radiopharm.runtime import make_runtime
from radiopharm.store.tables.accounts import signatures
from tests import hospital
from tests.api.test_releasing import DEROGATOR, LU177M, choose, measured
from tests.api.test_site_figures import FIGURE
from tests.api.test_tanks import DRAIN, FLOAT
from tests.canary import CANARY
from tests.conftest import StandingClock
from tests.doors import Api
from tests.ward import Ward

Body = dict[str, Any]
OFFICER = {"username": "safety_officer", "secret": hospital.PASSWORD}
WHY = {"reason": "As told"}
LEAVES = {"destination": "Clinical waste", "labels_defaced": True}
ELSEWHERE = {
    "api_dispensings.sign_ticket": "tests/api/test_tickets.py",
    "api_directives.sign_ticket": "the same",
    "api_instrument_checks.sign_ticket": "tests/api/test_instrument_checks.py",
}
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A signed act: the route of its ticket, where both are posted for a new record, and what."""

    name: str
    route: str
    asked: Callable[[Ward], tuple[str, str, Body]]
    signer: Body
    beside: Body


def _row(
    name: str,
    route: str,
    asked: Callable[[Ward], tuple[str, str, Body]],
    signer: Body = OFFICER,
    **beside: Any,
) -> Act:
    return Act(name=name, route=route, asked=asked, signer=signer, beside=beside)


def _erasure(ward: Ward) -> tuple[str, str, Body]:
    number = f"{CANARY['hospital_number']}-{next(_numbers)}"
    path = f"/patients/{ward.do('/patients', {**CANARY, 'hospital_number': number})['reference']}"
    return f"{path}/erasure/sign-ticket", f"{path}/erasure", WHY


def _review(_ward: Ward) -> tuple[str, str, Body]:
    period = {"from": "2026-05-01T00:00:00Z", "to": "2026-06-01T00:00:00Z"}
    found = {"findings": f"Number {next(_numbers)}", "next_due": "2026-09-01T00:00:00Z"}
    return "/audit-reviews/sign-ticket", "/audit-reviews", {**period, **found}


def _licence_end(_ward: Ward) -> tuple[str, str, Body]:
    entry = {"ended_on": f"2026-07-{next(_numbers):02d}", "source": "Letter", **WHY}
    return "/licence-ends/sign-ticket", "/licence-ends", entry


def _release(ward: Ward) -> tuple[str, str, Body]:
    path = measured(ward.one, ward.runtime)
    return f"{path}/sign-ticket", f"{path}/release", LEAVES


def _derogation(ward: Ward) -> tuple[str, str, Body]:
    path = measured(ward.one, ward.runtime, *LU177M)
    return f"{path}/derogation-ticket", f"{path}/derogation", {**LEAVES, **WHY}


def _together(ward: Ward) -> tuple[str, str, Body]:
    paths = [measured(ward.one, ward.runtime) for _ in range(2)]
    ticked = [{"id": int(path.rsplit("/", 1)[1])} for path in paths]
    return "/waste-releases/sign-ticket", "/waste-releases", {**LEAVES, "containers": ticked}


def _pack(_ward: Ward) -> tuple[str, str, Body]:
    body = {"pack": "us-dis", "reason": f"Number {next(_numbers)}"}
    return "/rule-pack-choices/sign-ticket", "/rule-pack-choices", body


def _site_figure(_ward: Ward) -> tuple[str, str, Body]:
    entry = {**FIGURE, "value": str(next(_numbers))}
    del entry["signature"]
    return "/site-figures/sign-ticket", "/site-figures", entry


def _tank(ward: Ward) -> tuple[str, str, Body]:
    tank = ward.do("/tanks", {"number": f"T{next(_numbers)}", "capacity_l": 9000, "rooms": "1"})
    filling = ward.do(f"/tanks/{tank['id']}/fillings", {})
    path = f"/tanks/fillings/{filling['id']}"
    ward.do(f"{path}/levels", {**FLOAT, "volume_l": 8000, "closes": True})
    sample = {"nuclide": "Lu-177", "concentration": "1 Bq/L", "instrument": "HPGe"}
    ward.do(f"{path}/samples", sample)
    return f"{path}/sign-ticket", f"{path}/discharge", DRAIN


def _pour(_ward: Ward) -> tuple[str, str, Body]:
    rinse = {
        "description": f"Rinse water {next(_numbers)}",
        "volume": "1000 mL",
        "activities": [{"nuclide": "Lu-177", "activity": "100 Bq"}],
    }
    return "/drain/sign-ticket", "/drain", {**DRAIN, **rinse}


ACTS = (
    _row("erasure", "api_erasures.sign_ticket", _erasure),
    _row("review", "api_reviews.sign_ticket", _review),
    _row("licence-end", "api_licence_ends.sign_ticket", _licence_end),
    _row("release", "api_waste.sign_ticket", _release),
    _row("derogation", "api_waste.derogation_ticket", _derogation, DEROGATOR, officer=OFFICER),
    _row("release-together", "api_releases.sign_ticket", _together),
    _row("rule-pack", "api_rules.sign_ticket", _pack),
    _row("site-figure", "api_site_figures.sign_ticket", _site_figure),
    _row("tank", "api_tanks.sign_ticket", _tank),
    _row("pour", "api_drains.sign_ticket", _pour),
)


@pytest.fixture(scope="module")
def ward(
    application: Flask, shared_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ward]:
    """One hospital for the whole file."""
    settings = hospital.settings(shared_url, tmp_path_factory.mktemp("office"))
    application.extensions["radiopharm"] = runtime = make_runtime(settings, StandingClock())
    office = Ward(application, runtime)
    choose(office.one)
    yield office
    runtime.engine.dispose()


def ticket(who: Api, act: Act, path: str, body: Body) -> str:
    """The ticket for what is shown to somebody now."""
    offered = who.post(path, body).json
    assert offered.get("ticket"), (act.name, offered)
    return str(offered["ticket"])


def signed(ward: Ward, act: Act, path: str, body: Body, sealed: str) -> TestResponse:
    """The answer to an act signed with a ticket, under a new idempotency key."""
    signature = {**act.signer, "ticket": sealed}
    return ward.one.post(path, {**body, **act.beside, "signature": signature})


def kept(ward: Ward) -> int:
    """How many signatures there are."""
    with ward.runtime.reading() as db:
        return db.scalar(sa.select(sa.func.count()).select_from(signatures)) or 0


def code(answer: TestResponse) -> tuple[int, str]:
    """The status and first code of a refusal."""
    return answer.status_code, answer.json["errors"][0]["code"]


@pytest.mark.requirement("RQ-50")
@pytest.mark.parametrize("shared_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_a_ticket_signs_once_for_whom_it_was_shown_and_only_what_was_shown(
    ward: Ward, act: Act
) -> None:
    (asks, path, body), (_, other_path, other_body) = act.asked(ward), act.asked(ward)
    before = kept(ward)
    of_another = ticket(ward.other, act, asks, body)
    assert code(signed(ward, act, path, body, of_another)) == (409, "ticket_of_another")
    mine = ticket(ward.one, act, asks, body)
    moved = code(signed(ward, act, other_path, other_body, mine))
    assert moved in {(409, f"ticket_{why}") for why in ("for_another_record", "changed")}
    assert kept(ward) == before
    done = signed(ward, act, path, body, mine)
    assert done.status_code in (200, 201), done.json
    signatures_made = kept(ward)
    for again_path, again in ((path, body), (other_path, other_body)):
        assert signed(ward, act, again_path, again, mine).status_code == 409
    assert kept(ward) == signatures_made > before


def test_every_route_that_gives_a_ticket_is_attacked(application: Flask) -> None:
    given = {
        rule.endpoint
        for rule in application.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.rule.endswith("-ticket")
    }
    assert given == {act.route for act in ACTS} | set(ELSEWHERE)
