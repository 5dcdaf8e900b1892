"""Directives: which version counts, and what their states are called."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from radiopharm.core.directives import (
    Cancellation,
    Directive,
    DirectiveVersion,
)
from radiopharm.core.signing import Signature
from radiopharm.core.states import directive_state, version_state

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SIGNATURE = Signature(
    id=7,
    signer_id=3,
    signer_name="Physician",
    roles=("physician",),
    meaning="prescribed",
    means="password",
    signed_at=NOON,
    zone="Europe/Madrid",
    shown_hash="0" * 64,
)
CANCELLED = Cancellation(at=NOON, actor_id=3, reason="The patient is unwell.")


def version(number: int = 1, **changes: Any) -> DirectiveVersion:
    usual: dict[str, Any] = {
        "number": number,
        "product": "lutathera",
        "prescribed_bq": 7_400_000_000,
        "prescribed_text": "7.4 GBq",
        "lowest_bq": None,
        "highest_bq": None,
        "planned_for": NOON + timedelta(days=2),
        "route": "intravenous",
        "indication": "",
        "cycle": 1,
        "notes": "",
        "reason": "" if number == 1 else "New weight.",
        "prescriber_id": None,
        "recorded_at": NOON,
        "recorded_by": 2,
        "signature": None,
    }
    return DirectiveVersion(**{**usual, **changes})


def directive(*versions: DirectiveVersion, **changes: Any) -> Directive:
    return Directive(
        id=17, site_id=1, patient="P-K7M3QX2R", versions=versions or (version(),), **changes
    )


SIGNED = directive(version(signature=SIGNATURE))


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (directive(), "draft"),
        (SIGNED, "signed"),
        (replace(SIGNED, last_voided_dose_id=4), "signed"),
        (directive(version(signature=SIGNATURE), version(2)), "draft"),
        (replace(SIGNED, cancellation=CANCELLED), "cancelled"),
        (replace(SIGNED, live_dose_id=5), "dispensed"),
        (replace(SIGNED, live_dose_id=5, administered_at=NOON), "administered"),
    ],
)
def test_the_facts_name_the_state(given: Directive, state: str) -> None:
    assert directive_state(given) == state


def test_a_change_leaves_nothing_signed_until_it_is_signed_itself() -> None:
    changed = directive(version(signature=SIGNATURE), version(2))
    assert changed.signed is None
    both = directive(version(signature=SIGNATURE), version(2, signature=SIGNATURE))
    assert both.signed is both.newest


def test_a_cancelled_directive_has_no_signed_version() -> None:
    assert replace(SIGNED, cancellation=CANCELLED).signed is None


def test_earlier_versions_are_superseded() -> None:
    changed = directive(version(signature=SIGNATURE), version(2))
    assert [version_state(changed, v) for v in changed.versions] == ["superseded", "draft"]


@pytest.mark.requirement("RQ-09")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (SIGNED, None),
        (
            directive(version(signature=SIGNATURE), version(2)),
            "Signature void: version 2 written Mon 1 Jun 2026 14:00 CEST: New weight.",
        ),
        (
            replace(SIGNED, cancellation=CANCELLED),
            "Signature void: directive cancelled Mon 1 Jun 2026 14:00 CEST: The patient is unwell.",
        ),
    ],
)
def test_a_signature_under_what_counts_no_longer_is_void(
    given: Directive, said: str | None
) -> None:
    assert given.signature_void(given.versions[0], ZoneInfo("Europe/Madrid")) == said
