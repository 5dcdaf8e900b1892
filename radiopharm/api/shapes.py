"""Core values as the API writes them: names carry the unit, instants are UTC with Z."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from radiopharm.core.figures import Figure
from radiopharm.core.leaving import HandOver, Papers
from radiopharm.core.ledger import Entry
from radiopharm.core.nuclides import Nuclide
from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal
from radiopharm.core.stock import VialAt
from radiopharm.schemas.instants import instant_out


def vial(seen: VialAt, warnings: Iterable[Refusal] = ()) -> dict[str, Any]:
    """A vial at an instant."""
    it, balance = seen.vial, seen.balance
    return {
        "id": it.id,
        "code": it.code,
        "product": it.product,
        "nuclide": it.nuclide,
        "lot": it.lot,
        "sequence": it.ledger.sequence,
        "state": str(seen.state),
        "at": instant_out(seen.at),
        "reference_at": instant_out(it.reference_at),
        "reference_zone": it.reference_zone,
        "half_life_s": it.half_life_s,
        "nuclear_data": {
            "data_set": it.data_set,
            "half_life": it.half_life_text,
            "source": it.half_life_source,
        },
        "activity_bq": seen.activity_bq,
        "activity_mbq": _mega(seen.activity_bq),
        "undefined": seen.undefined,
        "volume_ul": balance.volume_ul if balance else None,
        "volume_ml": balance.volume_ul / 1000 if balance else None,
        "concentration_mbq_ml": seen.concentration / 1000 if seen.concentration else None,
        "reference_balance_bq": balance.reference_bq if balance else None,
        "contents": contents(seen.working.activities_bq) if seen.working else [],
        "impurities": [
            {
                "nuclide": i.nuclide,
                "ratio": float(i.ratio),
                "stated_ratio": i.stated_ratio,
                "stated_at": instant_out(i.stated_at),
                "half_life": i.half_life_text,
                "source": i.source,
            }
            for i in it.impurities
        ],
        "expires_at": instant_out(it.expires_at),
        "use_by_at": instant_out(it.use_by_at),
        "received_at": instant_out(it.received_at),
        "place": seen.place,
        "directive_id": seen.kept_for,
        "working": seen.working.as_dict() if seen.working else None,
        "warnings": [warning.as_dict() for warning in warnings],
    }


def contents(activities_bq: Any) -> list[dict[str, Any]]:
    """Every radioactive member with its activity."""
    return [
        {"nuclide": nuclide, "activity_bq": activity, "activity_mbq": activity / 1e6}
        for nuclide, activity in activities_bq.items()
    ]


def papers(it: Papers) -> dict[str, Any]:
    """What went with a hand-over."""
    until, received = it.licence_until, it.received_at
    dates = {
        "licence_until": until and until.isoformat(),
        "received_at": received and instant_out(received),
    }
    return {**asdict(it), **dates}


def entry(it: Entry, to: HandOver | None = None) -> dict[str, Any]:
    """One line of the ledger; *to* whom, where it was handed over."""
    return {
        "sequence": it.sequence,
        "kind": str(it.kind),
        "occurred_at": instant_out(it.occurred_at),
        "recorded_at": instant_out(it.recorded_at),
        "volume_ul": it.change.volume_ul,
        "reference_bq": it.change.reference_bq,
        "volume_after_ul": it.after.volume_ul,
        "reference_after_bq": it.after.reference_bq,
        "reason": it.reason,
        "reverses_sequence": it.reverses,
        "hand_over": to
        and {
            "recipient": to.recipient,
            "licence_number": to.licence_number,
            "papers": papers(to.papers),
        },
    }


def nuclide(it: Nuclide) -> dict[str, Any]:
    """A nuclide of one data set."""
    return {
        "symbol": it.symbol,
        "data_set": it.data_set,
        "half_life": it.half_life_text,
        "half_life_s": it.half_life_s,
        "half_life_uncertainty_s": it.half_life_uncertainty_s,
        "branches": [asdict(branch) for branch in it.branches],
        "source": it.source,
        "edition": it.edition,
        "status": it.status.value if it.status else None,
    }


def product(it: Product) -> dict[str, Any]:
    """A product; its figures as printed, each with source and status."""
    tolerance = it.dose_tolerance
    return {
        "code": it.code,
        "name": it.name,
        "role": str(it.role),
        "nuclide": it.nuclide,
        "handling": str(it.handling) if it.handling else None,
        "display_unit": it.display_unit,
        "second_person_accepts": it.second_person_accepts,
        "second_person_dispenses": it.second_person_dispenses,
        "pharmacist_verifies": it.pharmacist_verifies,
        "dose_tolerance": tolerance
        and {name: float(limit) for name, limit in asdict(tolerance).items()},
        "figures": {name: figure.as_dict() for name, figure in _figures(it)},
    }


def _figures(it: Product) -> Iterator[tuple[str, Figure[Any]]]:
    for name in PRODUCT_FIGURES:
        figure = getattr(it, name)
        if figure is not None:
            yield name, figure
    for impurity in it.usual_impurities:
        yield f"usual_{impurity.nuclide}_max_ratio", impurity.max_ratio
    for number, dose in enumerate(it.usual_doses_bq, start=1):
        yield f"usual_dose_{number}_bq", dose


PRODUCT_FIGURES = (
    "half_life_s",
    "concentration",
    "volume_min_ul",
    "volume_max_ul",
    "shelf_life_after_calibration_s",
    "shelf_life_after_opening_s",
    "shelf_life_after_thawing_s",
    "dose_min_bq",
    "dose_max_bq",
    "interval_min_s",
)


def _mega(bq: float | None) -> float | None:
    return None if bq is None else bq / 1e6
