"""Raise and clear flags, each change in the audit of its site."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from radiopharm.core import formatting as fmt
from radiopharm.core.actions import Action
from radiopharm.core.flags import FlagKind
from radiopharm.core.people import Site
from radiopharm.services import check_flags, oversight, owed, survey_flags
from radiopharm.services.eligibility import container_changes
from radiopharm.store import accounts, flags, job_runs
from radiopharm.store.acts import Act
from radiopharm.store.flags import Change

JOB = "flags"
WORDS = {
    FlagKind.EXPIRED: "Expired",
    FlagKind.NEAR_EXPIRY: "Expires",
    FlagKind.WASTE_ELIGIBLE: "May be measured for release since",
    FlagKind.ORAL_OVERDUE: "Given orally; the physician's signature was due",
    FlagKind.SEALER_BEHIND: "The audit has not been sealed since",
    FlagKind.CONTAMINATION: "Over the action level at the survey of",
    FlagKind.SURVEY_OVERDUE: "The survey was due before",
    FlagKind.REVIEW_OVERDUE: "The review of the audit was due",
    FlagKind.INSTRUMENT_FAILED: "Not to be used: failed its check of",
    FlagKind.CHECK_OVERDUE: "Its check was due before",
}


def refresh(act: Act, near: timedelta) -> int:
    """Make every site's flags what they ought to be now; returns how many were raised or cleared.

    Looks at what changed since the run before; once a day at everything, so that a longer warning
    time, set since, reaches vials that have crossed its limit already.
    """
    before = job_runs.newest(act.db, [JOB]).get(JOB)
    today = before is not None and before.started_at.date() == act.now.date()
    since = before.started_at if before is not None and today else None
    changes = flags.vial_changes(act.db, act.now, near, since)
    for site in accounts.all_sites(act.db):
        changes.extend(container_changes(act.db, act.reference, site.id, act.now))
        changes.extend(owed.changes(act.db, site.id, act.now))
        changes.extend(survey_flags.changes(act.db, site, act.now))
        changes.extend(check_flags.changes(act.db, site, act.now))
        changes.extend(oversight.changes(act.db, site.id, site.stream, act.now))
    return apply(act, changes)


def apply(act: Act, changes: list[Change]) -> int:
    """Raise and clear what *changes* say, in each site's audit; returns how many they are."""
    for site in accounts.all_sites(act.db):
        here = [change for change in changes if change.site_id == site.id]
        if here:
            _apply_at(replace(act, actor=replace(act.actor, site=site)), here)
    return len(changes)


def _apply_at(act: Act, changes: list[Change]) -> None:
    cleared = [change for change in changes if change.cleared_id is not None]
    raised = [change for change in changes if change.raised is not None]
    flags.clear(act.db, [change.cleared_id for change in cleared], act.now)
    flags.add(act.db, [_row(act, change) for change in raised])
    act.record(
        Action.FLAGS_CHANGED,
        *map(_subject, changes),
        raised={_subject(change): str(change.raised) for change in raised},
        cleared={_subject(change): str(change.cleared) for change in cleared},
    )


def _row(act: Act, change: Change) -> dict[str, object]:
    return {
        "site_id": change.site_id,
        "subject": change.subject,
        "subject_id": change.subject_id,
        "kind": str(change.raised),
        "message": _message(change, act.actor.site),
        "raised_at": act.now,
    }


def _message(change: Change, site: Site) -> str:
    if change.says:
        return change.says
    return f"{WORDS[change.raised]} {fmt.instant(change.limit_at, ZoneInfo(site.zone))}"


def _subject(change: Change) -> str:
    return f"{change.subject}:{change.subject_id}"
