"""How the demo's calibrator was checked: constancy daily, once out of tolerance."""

from datetime import datetime, timedelta
from decimal import Decimal

from radiopharm.core.check_plans import CheckKind, SetCheckPlan
from radiopharm.core.check_sources import AddSource
from radiopharm.core.decay import decay_factor, seconds
from radiopharm.core.instrument_checks import RecordCheck
from radiopharm.core.readings import Measured
from radiopharm.demo.ward import Ward
from radiopharm.services import check_sources, instrument_checks

RULE = "House rule 14, after the manufacturer's manual"
# kind, tolerance, unit, every how many days
PLANS = (
    (CheckKind.CONSTANCY, "5", "%", 1),
    (CheckKind.BACKGROUND, "50", "kBq", 1),
    (CheckKind.ACCURACY, "5", "%", 365),
    (CheckKind.LINEARITY, "5", "%", 90),
)
# constancy, the newest last: how far each reading was from what was expected, in per mille
DRIFT = (3, -2, 5, 1, -6, 4, 9, 2, -3, 7, 11, 5, 8, 12, -4)
SLIPPED = 6  # so many days ago the source was not in its holder
LINEAR = ((0, 1.0), (24, 1.004), (48, 0.997), (72, 1.009))  # hours after the first, its share


def last_weeks(ward: Ward) -> None:
    """A check source, the tolerances of the house, and what was read since."""
    begun = ward.at(-50 * 24)
    source_id = _source(ward, begun)
    for kind, tolerance, unit, days in PLANS:
        _plan(ward, begun, kind, tolerance, unit, days)
    _linearity(ward, ward.at(-40 * 24))
    for kind in (CheckKind.ACCURACY, CheckKind.CONSTANCY):
        _of_source(ward, ward.at(-30 * 24), kind, source_id, 4)
    for days, drift in zip(range(len(DRIFT) - 1, -1, -1), DRIFT, strict=True):
        at = ward.at(-24 * days - 1)
        if days == SLIPPED:
            _of_source(ward, at - timedelta(minutes=8), CheckKind.CONSTANCY, source_id, -83)
        _of_source(ward, at, CheckKind.CONSTANCY, source_id, drift)
    _check(ward, CheckKind.BACKGROUND, (("", 12_000 + 400 * len(DRIFT), ward.at(-1)),))


def _source(ward: Ward, at: datetime) -> int:
    bought = at - timedelta(days=900)
    source = AddSource(
        nuclide="Cs-137",
        serial="CS-2291",
        activity_bq=8_140_000,
        activity_text="8.14 MBq",
        reference_at=bought,
        certificate="Demo certificate 77/24",
        uncertainty="3 % (k = 2)",
    )
    source_id: int = ward.do("physicist", at, lambda act: check_sources.add(act, source))
    return source_id


def _plan(ward: Ward, at: datetime, kind: CheckKind, tolerance: str, unit: str, days: int) -> None:
    plan = SetCheckPlan(
        kind=kind,
        tolerance=Decimal(tolerance),
        unit=unit,
        operator="<=",
        interval_days=days,
        is_required=False,
        source=RULE,
        reason="First tolerance of this meter",
    )
    meter = ward.activity_meter
    ward.do("physicist", at, lambda act: instrument_checks.set_plan(act, meter, plan))


def _linearity(ward: Ward, first: datetime) -> None:
    """A vial of Tc-99m read on four days in a row."""
    readings = [
        (f"{hours} h", round(3.2e9 * share * _left("Tc-99m", 3600.0 * hours, ward)), hours)
        for hours, share in LINEAR
    ]
    series = tuple((label, bq, first + timedelta(hours=hours)) for label, bq, hours in readings)
    _check(ward, CheckKind.LINEARITY, series, nuclide="Tc-99m", note="Decay method")


def _of_source(ward: Ward, at: datetime, kind: CheckKind, source_id: int, per_mille: int) -> None:
    """The check source, read so far from what it holds."""
    since = seconds(ward.at(-50 * 24) - timedelta(days=900), at)
    bq = round(8_140_000 * _left("Cs-137", since, ward) * (1000 + per_mille) / 1000)
    note = "Source was not in its holder; read again" if per_mille < -50 else ""
    _check(ward, kind, (("", bq, at),), source_id=source_id, note=note)


def _check(
    ward: Ward,
    kind: CheckKind,
    series: tuple[tuple[str, int, datetime], ...],
    *,
    source_id: int | None = None,
    nuclide: str | None = None,
    note: str = "",
) -> None:
    meter = ward.activity_meter
    check = RecordCheck(
        instrument_id=meter,
        kind=kind,
        readings=tuple(
            (label, Measured(bq=bq, text=f"{bq / 1e6:.4g} MBq", at=at, instrument_id=meter))
            for label, bq, at in series
        ),
        source_id=source_id,
        nuclide=nuclide,
        note=note,
    )
    last = max(at for _, _, at in series)
    ward.do("technologist", last, lambda act: instrument_checks.record(act, check))


def _left(nuclide: str, elapsed_s: float, ward: Ward) -> float:
    data = ward.runtime.reference.default_nuclear_data
    return decay_factor(elapsed_s, data.get(nuclide).half_life_s)
