"""Which differences a trend of checks draws, in which unit, between which limits."""

from collections.abc import Sequence
from fractions import Fraction

from radiopharm.core.check_plans import IN_PERCENT, CheckKind, CheckPlan
from radiopharm.core.instrument_checks import Check
from radiopharm.core.instruments import Instrument
from radiopharm.documents.check_charts import Difference, Trend
from radiopharm.store import Connection, check_plans
from radiopharm.web.formatting import site_zone


def trend_of(
    db: Connection, meter: Instrument, kind: CheckKind, made: Sequence[Check]
) -> Trend | None:
    """The trend of the checks *made* that count; None where none does."""
    counted = [check for check in made if check.voided is None]
    if not counted:
        return None
    plan = check_plans.standing(db, [meter.id]).get((meter.id, kind))
    scale = 100 if kind in IN_PERCENT else Fraction(1, 1000)
    return Trend(
        name=f"{meter.name}, {kind}",
        unit="%" if kind in IN_PERCENT else "kBq",
        found=[
            Difference(
                at=check.checked_at,
                value=float(check.worst * scale),
                source=check.source,
                passed=check.passed,
            )
            for check in counted
        ],
        limits=_limits(plan, scale),
        zone=site_zone(),
        zone_name=site_zone().key,
    )


def _limits(plan: CheckPlan | None, scale: Fraction | int) -> tuple[float, ...]:
    """The tolerance that stands: either way in per cent, above only as an activity."""
    if plan is None:
        return ()
    limit = float(plan.limit * scale)
    return (limit, -limit) if plan.kind in IN_PERCENT else (limit,)
