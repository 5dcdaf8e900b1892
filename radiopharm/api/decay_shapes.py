"""The decay of a container as the API writes it."""

from dataclasses import asdict
from typing import Any

from radiopharm.api.waste_shapes import verdict
from radiopharm.core.checking import ContainerAt
from radiopharm.core.decay_views import DecayView, Remeasured
from radiopharm.core.log_fits import FORMULA
from radiopharm.core.people import Site
from radiopharm.core.remeasurement import Reading
from radiopharm.core.suspicion import Suspicion
from radiopharm.schemas.instants import instant_out
from radiopharm.services.waste_due import Standing


def decay(seen: ContainerAt, view: DecayView) -> dict[str, Any]:
    """A container's decay at an instant, with every series of readings."""
    check = seen.check
    return {
        "container_id": seen.container.id,
        "at": instant_out(seen.at),
        "put_in_bq": view.put_in_bq,
        "left_bq": view.left_bq,
        "decayed_fraction": view.gone,
        "half_lives": [
            {"nuclide": each.symbol, "half_life": each.half_life_text, "elapsed": elapsed}
            for each, elapsed in view.half_lives
        ],
        "bq_per_g": view.bq_per_g,
        "earliest_at": check.earliest_at and instant_out(check.earliest_at),
        "plan_at": view.plan_at and instant_out(view.plan_at),
        "reasons": [leg.message for leg in seen.blocking],
        "remeasured": [_series(each, seen) for each in view.remeasured],
        "formula": FORMULA,
    }


def _series(it: Remeasured, seen: ContainerAt) -> dict[str, Any]:
    series, fitted = it.series, it.series.fitted
    first = series.readings[0].survey
    return {
        "instrument_id": first.instrument_id,
        "unit": first.reading_unit,
        "unshielded": first.unshielded,
        "readings": [_reading(each) for each in series.readings],
        "pace": str(series.pace),
        "says": series.says,
        "half_life_s": fitted and fitted.half_life_s,
        "shortest_s": fitted and fitted.shortest_s,
        "longest_s": fitted and fitted.longest_s,
        "birge": fitted and fitted.birge,
        "expected_s": series.expected and series.expected.half_life_s,
        "estimate": _estimate(it.suspicion, seen) if it.suspicion else None,
    }


def _reading(it: Reading) -> dict[str, Any]:
    return {
        "measured_at": instant_out(it.survey.measured_at),
        "net": it.net,
        "modelled_bq": it.modelled_bq,
        "left_out": it.left_out,
    }


def _estimate(it: Suspicion, seen: ContainerAt) -> dict[str, Any]:
    taken = it.taken
    return {
        **verdict(it.check, seen),
        "candidates": [each.symbol for each in it.candidates],
        "taken": {
            "nuclide": taken.symbol,
            "activity_bq": taken.activity_bq,
            "activity_mbq": taken.activity_bq / 1e6,
        },
    }


def standing(it: Standing, site: Site) -> dict[str, Any]:
    """How many are due when, and what stands in the way of how many."""
    pack = it.rules.pack
    return {
        "at": instant_out(it.at),
        "zone": site.zone,
        "week_ends_at": instant_out(it.week_ends_at),
        "pack": pack and pack.code,
        "edition": pack and pack.edition,
        **{str(due): count for due, count in it.due.items()},
        "blocked_by": [asdict(each) for each in it.blocked_by],
    }
