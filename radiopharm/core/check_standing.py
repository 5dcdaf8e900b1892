"""How an instrument stands: its newest checks, what is due when, and why it must not be used.

A failed check stands until one of the same kind with the same source, or of the same nuclide where
a series has none, passes, or somebody who answers for the instrument decides over it; a check that
could not be judged changes nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from radiopharm.core import formatting as fmt
from radiopharm.core.check_plans import CheckKind, CheckPlan
from radiopharm.core.instrument_checks import Check
from radiopharm.core.local_time import midnight
from radiopharm.core.refusals import Refusal

FAILED, DUE = "instrument_failed", "instrument_check_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One kind of check of an instrument: its plan, its newest check, what failed, what is due.

    Due from the beginning of the day `due_on`, overdue when that day is over.
    """

    instrument_id: int
    kind: CheckKind
    plan: CheckPlan | None
    last: Check | None
    failed: tuple[Check, ...]
    due_on: date | None
    due_at: datetime | None
    overdue_at: datetime | None

    def is_due(self, at: datetime) -> bool:
        """Whether the day it is due on has begun, where the instrument is."""
        return self.due_at is not None and at >= self.due_at

    def is_overdue(self, at: datetime) -> bool:
        """Whether that day is over."""
        return self.overdue_at is not None and at >= self.overdue_at

    def is_locking(self, at: datetime) -> bool:
        """Whether the instrument must not be used because of it."""
        return bool(self.failed) or self._is_wanting(at)

    def refusals(self, name: str, at: datetime, zone: ZoneInfo) -> Iterable[Refusal]:
        """Why a dose or a vial must not be measured with the instrument *name* at *at*."""
        for check in self.failed:
            yield _failed(name, check, zone)
        if self._is_wanting(at):
            assert self.plan is not None
            said = f"{name} needs its {self.kind} check before it is used: due {self.due_on}."
            yield Refusal(code=DUE, field="instrument_id", message=said, source=self.plan.source)

    def _is_wanting(self, at: datetime) -> bool:
        return self.plan is not None and self.plan.is_required and self.is_due(at)


def standing(
    instrument_id: int,
    kind: CheckKind,
    plan: CheckPlan | None,
    newest: Collection[Check],
    zone: ZoneInfo,
) -> Standing:
    """How one kind stands; of *newest* only checks that count are looked at, in any order.

    It has to hold the newest judged check of each source or nuclide, and the newest not judged.
    """
    counted = sorted(
        (each for each in newest if each.voided is None), key=lambda it: (it.checked_at, it.id)
    )
    judged = {each.measured: each for each in counted if each.passed is not None}
    last = max(judged.values(), key=lambda it: it.checked_at, default=None)
    due_on = _due_on(plan, last, zone)
    return Standing(
        instrument_id=instrument_id,
        kind=kind,
        plan=plan,
        last=counted[-1] if counted else None,
        failed=tuple(each for each in judged.values() if each.is_locking),
        due_on=due_on,
        due_at=midnight(due_on, zone) if due_on else None,
        overdue_at=midnight(due_on + timedelta(days=1), zone) if due_on else None,
    )


def _due_on(plan: CheckPlan | None, last: Check | None, zone: ZoneInfo) -> date | None:
    """So many days after the last that was judged; at once where there is none."""
    if plan is None or plan.interval_days is None:
        return None
    if last is None:
        return plan.recorded_at.astimezone(zone).date()
    return last.checked_at.astimezone(zone).date() + timedelta(days=plan.interval_days)


def _failed(name: str, check: Check, zone: ZoneInfo) -> Refusal:
    assert check.plan is not None
    return Refusal(
        code=FAILED,
        field="instrument_id",
        message=(
            f"{name} failed its check of {check.called} at {fmt.instant(check.checked_at, zone)}. "
            "Take another meter, or check this one again."
        ),
        value=check.worst_text,
        operator=check.plan.operator,
        limit=check.plan.tolerance_text,
        source=check.plan.source,
    )
