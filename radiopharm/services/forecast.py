"""A store of waste in the months to come, as if every container left at its earliest instant.

What is here decays by itself. New arrivals are left out unless asked for: then each container that
was opened in the last N months is taken to come again every month, as the Nth part of a container.
A month is a twelfth of 365.25 days. Nothing here knows how far the coming year will differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

from radiopharm.core.checking import RulesInForce
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reference import Reference
from radiopharm.core.waste import Container
from radiopharm.services.bulk_checks import Batch
from radiopharm.services.rule_packs import in_force
from radiopharm.services.waste_due import chunks
from radiopharm.store import Connection
from radiopharm.store.waste_lists import HERE, Filters

MONTH = timedelta(days=365.25) / 12
MONTHS = 12
MOST_MONTHS_BACK = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastPoint:
    """The store at an instant: containers, of arrivals also parts of one, and Bq in them."""

    at: datetime
    containers: float
    activity_bq: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The store now and at the end of each of twelve months.

    `stays` is how many of the containers that are here have no date within them, or none at all.
    `arrivals_from_months` is None where no arrivals are counted, else `arrivals_a_month` is their
    mean over so many months.
    """

    rules: RulesInForce
    points: tuple[ForecastPoint, ...]
    stays: int
    arrivals_from_months: int | None
    arrivals_a_month: float | None


def forecast(
    db: Connection, reference: Reference, site_id: int, now: datetime, months_back: int | None
) -> Forecast:
    """The site's store from *now* on, with arrivals as in the last *months_back* if given."""
    rules, data = in_force(db, reference, site_id, now), reference.default_nuclear_data
    here = _facts(db, site_id, now, Filters(states=HERE), rules)
    points = _decaying(Batch(here, rules.pack, data), now)
    stays = round(points[-1].containers)
    per_month = None
    if months_back is not None:
        since = Filters(opened_since=now - months_back * MONTH)
        models = [each for each in _facts(db, site_id, now, since, rules) if each.items]
        more = _arriving(models, rules, data, now, months_back)
        points = [_sum(a, b) for a, b in zip(points, more, strict=True)]
        per_month = len(models) / months_back
    return Forecast(
        rules=rules,
        points=tuple(points),
        stays=stays,
        arrivals_from_months=months_back,
        arrivals_a_month=per_month,
    )


def _facts(
    db: Connection, site_id: int, now: datetime, filters: Filters, rules: RulesInForce
) -> list[Container]:
    found = chunks(db, site_id, now, filters, rules.conditions)
    return [facts for batch in found for facts in batch.values()]


def _decaying(batch: Batch, now: datetime) -> list[ForecastPoint]:
    """What is here, and at the end of each month what has not left by then."""
    points = []
    for month in range(MONTHS + 1):
        at = now + month * MONTH
        stays = ~(batch.at(at).waited & (month > 0))  # what might leave now is still here
        activity_bq = float((batch.activity_bq(at) * stays).sum())
        points.append(ForecastPoint(at=at, containers=float(stays.sum()), activity_bq=activity_bq))
    return points


def _arriving(
    models: Sequence[Container],
    rules: RulesInForce,
    data: NuclearData,
    now: datetime,
    months_back: int,
) -> list[ForecastPoint]:
    """Every model once a month from now on, its copy as old at a month's end as it was itself.

    A model complete g months ago comes again k times in k months, a whole number of months later
    each time. The copies are then as the model is m months from now, for every m ≥ −g below k − g.
    """
    added = [[0.0, 0.0] for _ in range(MONTHS + 1)]
    for m in range(-months_back, MONTHS):
        at = now + m * MONTH
        there = [each for each in models if each.last_put_in_at <= at]
        batch = Batch(there, rules.pack, data)
        left, activities = batch.at(at).waited, batch.activity_bq(at)
        for n, model in enumerate(there):
            if not left[n]:
                first = _first_month(model, now, m)
                for month in added[first:]:
                    month[0] += 1 / months_back
                    month[1] += float(activities[n]) / months_back
    return [
        ForecastPoint(at=now + k * MONTH, containers=containers, activity_bq=activity_bq)
        for k, (containers, activity_bq) in enumerate(added)
    ]


def _first_month(model: Container, now: datetime, m: int) -> int:
    """The first k with m < k − g."""
    g = (now - model.last_put_in_at) / MONTH
    return max(1, floor(m + g) + 1)


def _sum(one: ForecastPoint, other: ForecastPoint) -> ForecastPoint:
    return ForecastPoint(
        at=one.at,
        containers=one.containers + other.containers,
        activity_bq=one.activity_bq + other.activity_bq,
    )
