"""Checks of instruments: how they are judged, what was read, what does not count, who decides over.

A check that fails locks its instrument in the same act and raises its flag.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core import check_decisions, check_plans, check_rules
from radiopharm.core import instrument_checks as rules
from radiopharm.core.actions import Action
from radiopharm.core.check_plans import AGAINST, Against, CheckPlan, SetCheckPlan
from radiopharm.core.instrument_checks import Check, RecordCheck, Taken
from radiopharm.core.instruments import InstrumentKind
from radiopharm.core.people import Site
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Invalid, NotFound, Refusal, Refused
from radiopharm.core.signing import Signing, Statement
from radiopharm.services import (
    check_flags,
    check_standings,
    flags,
    instruments,
    readings,
    signatures,
)
from radiopharm.store import Connection, check_sources
from radiopharm.store import check_plans as plans
from radiopharm.store import instrument_checks as checks
from radiopharm.store import instruments as kept
from radiopharm.store.acts import Act


def set_plan(act: Act, instrument_id: int, command: SetCheckPlan) -> int:
    """Judge a kind of check so from now on; returns the plan's id. Raises `NotFound`, `Invalid`."""
    _meter(act, instrument_id)
    if broken := check_plans.refusals(command):
        raise Invalid(broken)
    before = plans.standing(act.db, [instrument_id]).get((instrument_id, command.kind))
    plan_id = plans.add(act.db, instrument_id, command, act.actor.id, act.now)
    after = plans.by_ids(act.db, [plan_id])[plan_id]
    act.record(
        Action.CHECK_PLANNED,
        f"instrument:{instrument_id}",
        reason=command.reason,
        kind=str(command.kind),
        **_said(after),
        old=_said(before) if before else {},
    )
    _refresh(act)
    return plan_id


def record(act: Act, command: RecordCheck) -> int:
    """Write a check, judged by the plan that stands; returns its id. Raises `Invalid`."""
    site_id = act.actor.site.id
    meter = instruments.for_reading(
        act.db, site_id, command.instrument_id, InstrumentKind.ACTIVITY_METER
    )
    taken = consider(act.db, act.reference, act.actor.site, command, act.now)
    if broken := check_rules.refusals(taken):
        raise Invalid(broken)
    found = rules.points(taken)
    passed = rules.passes(command.kind, found, taken.plan)
    check_id = checks.add(
        act.db,
        found,
        instrument_id=meter.id,
        kind=str(command.kind),
        source_id=taken.source.id if taken.source else None,
        nuclide=taken.nuclide,
        plan_id=taken.plan.id if taken.plan else None,
        passed=passed,
        note=command.note,
        checked_at=max(point.at for point in found),
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    _tell(act, checks.get(act.db, site_id, check_id))
    return check_id


def consider(
    db: Connection, reference: Reference, site: Site, command: RecordCheck, now: datetime
) -> Taken:
    """A check with its readings, its source and the plan that stands; raises `Invalid`.

    The page shows by it what would be found, the act decides by it.
    """
    needs_source = AGAINST[command.kind] is Against.SOURCE
    sources = {it.id: it for it in check_sources.of_site(db, site.id)} if needs_source else {}
    standing = plans.standing(db, [command.instrument_id])
    return Taken(
        command=command,
        readings=tuple(
            (label, readings.measured(db, site.id, said)) for label, said in command.readings
        ),
        source=sources.get(command.source_id or 0),
        plan=standing.get((command.instrument_id, command.kind)),
        data=reference.default_nuclear_data,
        now=now,
    )


def void(act: Act, check_id: int, reason: str) -> None:
    """Say that a check does not count; raises `NotFound`, and `Refused` the second time.

    What failed before a passed one that is void leaves in doubt what was measured since.
    """
    found = checks.get(act.db, act.actor.site.id, check_id)
    if found.voided:
        said = f"{found.voided.by} voided this check already."
        raise Refused([Refusal(code="voided", message=said)])
    checks.void(act.db, check_id, reason, act.actor.id, act.now)
    act.record(Action.CHECK_VOIDED, *_subjects(found), reason=reason, **_figures(found))
    _refresh(act, *(_failed_again(act, found) if found.passed else ()))


def decide(act: Act, check_id: int, reason: str, signing: Signing) -> None:
    """Let the instrument be used although the check failed, under a signature.

    Raises `NotFound`, `Refused` where there is nothing to decide, and as `signatures.sign`.
    """
    found = checks.get(act.db, act.actor.site.id, check_id)
    meaning = signatures.meaning_of(signing, check_decisions.MEANING)
    said = statement(act.db, act.actor.site, check_id, reason, meaning)
    signature_id = signatures.sign(act, said, signing, roles=check_decisions.DECIDERS)
    checks.decide(
        act.db,
        check_id=check_id,
        reason=reason,
        decided_at=act.now,
        signature_id=signature_id,
        actor_id=act.actor.id,
    )
    signed = signatures.audited(act.db, signature_id)
    subjects, figures = _subjects(found), _figures(found)
    act.record(Action.CHECK_DECIDED, *subjects, reason=reason, **figures, signature=signed)
    _refresh(act)


def statement(
    db: Connection,
    site: Site,
    check_id: int,
    reason: str,
    meaning: str = check_decisions.MEANING,
) -> Statement:
    """What would be signed over a failed check; raises `NotFound`, `Refused`."""
    found = checks.get(db, site.id, check_id)
    if broken := check_decisions.refusals(found):
        raise Refused(broken)
    meter = kept.find(db, site.id, found.instrument_id)
    assert meter is not None
    return check_decisions.statement(
        found, meter.name, reason, ZoneInfo(site.zone), meaning=meaning
    )


def _meter(act: Act, instrument_id: int) -> None:
    found = kept.find(act.db, act.actor.site.id, instrument_id)
    if found is None:
        raise NotFound(f"instrument {instrument_id}")
    if found.kind is not InstrumentKind.ACTIVITY_METER:
        said = "Only activity meters are checked here."
        raise Invalid([Refusal(code="not_a_meter", field="kind", message=said)])


def _tell(act: Act, check: Check) -> None:
    has_failed = check.passed is False
    act.record(
        Action.CHECK_FAILED if has_failed else Action.INSTRUMENT_CHECKED,
        *_subjects(check),
        **_figures(check),
        read=[point.text for point in check.points],
        source=check.source,
        note=check.note,
        checked_at=check.checked_at,
    )
    _refresh(act, *([check] if has_failed else ()))


def _failed_again(act: Act, passed: Check) -> tuple[Check, ...]:
    """What stands failed of the instrument's kind of check, now that *passed* is void."""
    zone = ZoneInfo(act.actor.site.zone)
    found = check_standings.of_instruments(act.db, [passed.instrument_id], zone)
    standing = found.get((passed.instrument_id, passed.kind))
    return standing.failed if standing else ()


def _refresh(act: Act, *failed: Check) -> None:
    site = act.actor.site
    found = list(check_flags.changes(act.db, site, act.now))
    for check in failed:
        found.extend(check_flags.doubt(act.db, site, check))
    if found:
        flags.apply(act, found)


def _subjects(check: Check) -> tuple[str, str]:
    return f"instrument:{check.instrument_id}", f"check:{check.id}"


def _figures(check: Check) -> dict[str, Any]:
    tolerance = check.plan.tolerance_text if check.plan else ""
    said = {"kind": str(check.kind), "difference": check.worst_text, "tolerance": tolerance}
    return {**said, "verdict": check.verdict}


def _said(plan: CheckPlan) -> dict[str, object]:
    return {
        "tolerance": f"{plan.operator} {plan.tolerance_text}",
        "interval_days": plan.interval_days,
        "required_before_use": plan.is_required,
        "source": plan.source,
    }
