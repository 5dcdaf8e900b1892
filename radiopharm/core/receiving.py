"""Receiving a vial: what must be so before it can be written down, and what is worth a word.

A delivery is a fact: what merely looks wrong (a volume outside the product's range, an impurity
above the usual) is recorded and flagged; only what cannot be true is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from radiopharm.core import decay
from radiopharm.core import formatting as fmt
from radiopharm.core.nuclides import NuclearData, UnknownNuclide
from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.vials import Impurity
from radiopharm.core.working import Working, explain

AHEAD_TOLERATED = timedelta(minutes=5)
MAX_HALF_LIVES = 10  # beyond, rounding at the reference instant would cost digits
CONCENTRATION_TOLERATED = Fraction(5, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredImpurity:
    """An impurity as the certificate states it; `at` is its instant (None: the reference)."""

    nuclide: str
    ratio: Decimal
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveVial:
    """A delivery as its label and certificate say it; the texts are kept as typed."""

    product: str
    lot: str
    activity_bq: int
    activity_text: str
    volume_ul: int
    volume_text: str
    reference_at: datetime
    reference_zone: str
    expires_at: datetime
    received_at: datetime
    impurities: tuple[DeclaredImpurity, ...] = ()
    place: str | None = None
    directive_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A command with what is known about its product, at the instant it is judged."""

    command: ReceiveVial
    product: Product
    data: NuclearData
    now: datetime

    @property
    def half_life_s(self) -> float:
        return self.data.get(self.product.nuclide).half_life_s


def third_of(
    activity_bq: int | None, volume_ul: int | None, concentration: Fraction | None
) -> tuple[int, int] | None:
    """Activity and volume from any two of activity, volume and concentration (Bq/µL).

    None when fewer than two are given, or when all three are and they disagree by more than the
    rounding of one microlitre.
    """
    if activity_bq is not None and volume_ul is not None:
        agrees = concentration is None or (
            abs(activity_bq - volume_ul * concentration) <= concentration
        )
        return (activity_bq, volume_ul) if agrees else None
    if not concentration:
        return None
    if volume_ul is not None:
        return round(volume_ul * concentration), volume_ul
    if activity_bq is not None:
        return activity_bq, round(activity_bq / concentration)
    return None


def refusals(delivery: Delivery) -> tuple[Refusal, ...]:
    """Everything that makes the delivery impossible as written."""
    return run(_RULES, delivery) + tuple(_impurity_refusals(delivery))


def warnings(delivery: Delivery) -> tuple[Refusal, ...]:
    """Everything worth a second look; the delivery is recorded and flagged all the same."""
    return run(_WARNINGS, delivery) + tuple(_impurity_warnings(delivery))


def composition(delivery: Delivery) -> tuple[Impurity, ...]:
    """The declared impurities carried to the reference instant, with their own half-lives."""
    return tuple(_at_reference(delivery, declared) for declared in delivery.command.impurities)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What the typed label means: activity now, at first use and at expiry, and what looks odd."""

    now: Working
    at_expiry: Working
    factor_now: float
    ahead_s: float
    concentration: Fraction
    refusals: tuple[Refusal, ...]
    warnings: tuple[Refusal, ...]


def outlook(delivery: Delivery) -> Outlook:
    """The live figures beside the form; raises `UndefinedBefore`, `OutOfRange` as decay does."""
    command = delivery.command
    ratios = {impurity.nuclide: impurity.ratio for impurity in composition(delivery)}

    def at(instant: datetime) -> Working:
        return explain(
            amount_bq=command.activity_bq,
            ratios=ratios,
            principal=delivery.product.nuclide,
            reference_at=command.reference_at,
            at=instant,
            data=delivery.data,
        )

    now = at(delivery.now)
    return Outlook(
        now=now,
        at_expiry=at(command.expires_at),
        factor_now=now.activity_bq / command.activity_bq,
        ahead_s=decay.seconds(delivery.now, command.reference_at),
        concentration=Fraction(command.activity_bq, command.volume_ul),
        refusals=refusals(delivery),
        warnings=warnings(delivery),
    )


def _at_reference(delivery: Delivery, declared: DeclaredImpurity) -> Impurity:
    command, data = delivery.command, delivery.data
    nuclide = data.get(declared.nuclide)
    stated_at = declared.at or command.reference_at
    ratio = declared.ratio
    if stated_at != command.reference_at:
        back_s = decay.seconds(stated_at, command.reference_at)
        principal = delivery.product.nuclide
        stated = {principal: 1.0, declared.nuclide: float(declared.ratio)}
        then = decay.chain_activities(stated, back_s, data)
        ratio = Decimal(repr(then[declared.nuclide] / then[principal]))
    return Impurity(
        nuclide=declared.nuclide,
        ratio=ratio,
        stated_ratio=str(declared.ratio),
        stated_at=stated_at,
        half_life_s=nuclide.half_life_s,
        half_life_text=nuclide.half_life_text,
        source=nuclide.source,
    )


def _amounts_are_positive(d: Delivery) -> Refusal | None:
    if d.command.activity_bq <= 0:
        return Refusal(code="activity", field="reference_activity", message="Enter the activity.")
    if d.command.volume_ul <= 0:
        return Refusal(code="volume", field="volume", message="Enter the volume.")
    return None


def _lot_is_given(d: Delivery) -> Refusal | None:
    if d.command.lot:
        return None
    return Refusal(code="lot", field="lot", message="Enter the lot as the label prints it.")


def _expiry_follows_reference(d: Delivery) -> Refusal | None:
    if d.command.expires_at > d.command.reference_at:
        return None
    return Refusal(
        code="expiry_before_reference",
        field="expires_at",
        message="The expiry must be later than the reference time. Check both dates on the label.",
    )


def _arrival_is_not_ahead(d: Delivery) -> Refusal | None:
    if d.command.received_at <= d.now + AHEAD_TOLERATED:
        return None
    return Refusal(
        code="arrival_ahead",
        field="received_at",
        message="The arrival lies in the future. Enter when the vial really came.",
    )


def _reference_is_near(d: Delivery) -> Refusal | None:
    away_s = abs(decay.seconds(d.command.received_at, d.command.reference_at))
    if away_s <= MAX_HALF_LIVES * d.half_life_s:
        return None
    return Refusal(
        code="reference_far",
        field="reference_at",
        message=(
            f"The reference time is {fmt.duration(away_s)} from the arrival, more than "
            f"{MAX_HALF_LIVES} half-lives of {d.product.nuclide}. Check the date."
        ),
        value=fmt.duration(away_s),
        operator="<=",
        limit=f"{MAX_HALF_LIVES} half-lives",
    )


_RULES = (
    _amounts_are_positive,
    _lot_is_given,
    _expiry_follows_reference,
    _arrival_is_not_ahead,
    _reference_is_near,
)


def _impurity_refusals(d: Delivery) -> Iterator[Refusal]:
    seen = {d.product.nuclide}
    for number, impurity in enumerate(d.command.impurities):
        field = f"impurities.{number}.nuclide"
        if impurity.nuclide in seen:
            yield Refusal(
                code="impurity_twice",
                field=field,
                message=f"{impurity.nuclide} is named twice, or is the product's own nuclide.",
            )
        seen.add(impurity.nuclide)
        try:
            d.data.get(impurity.nuclide)
        except UnknownNuclide as unknown:
            yield Refusal(code="unknown_nuclide", field=field, message=unknown.message)
        if impurity.ratio <= 0:
            yield Refusal(
                code="impurity_ratio",
                field=f"impurities.{number}.ratio",
                message="Enter the ratio the certificate states, more than nothing.",
            )


def _volume_is_usual(d: Delivery) -> Refusal | None:
    low, high = d.product.volume_min_ul, d.product.volume_max_ul
    below = low is not None and d.command.volume_ul < low.value
    above = high is not None and d.command.volume_ul > high.value
    if not (below or above):
        return None
    bounds = " to ".join(fmt.ml(figure.value) for figure in (low, high) if figure is not None)
    return Refusal(
        code="volume_unusual",
        field="volume",
        message=f"{d.product.name} comes in {bounds}; this is {fmt.ml(d.command.volume_ul)}.",
        value=fmt.ml(d.command.volume_ul),
        limit=bounds,
    )


def _concentration_is_usual(d: Delivery) -> Refusal | None:
    nominal = d.product.concentration
    if nominal is None or d.command.volume_ul <= 0:
        return None
    actual = Fraction(d.command.activity_bq, d.command.volume_ul)
    off = actual / nominal.value - 1
    if abs(off) <= CONCENTRATION_TOLERATED:
        return None
    return Refusal(
        code="concentration_unusual",
        field="reference_activity",
        message=(
            f"That is {fmt.mbq_per_ml(actual)}, {fmt.deviation(off)} from the nominal "
            f"{fmt.mbq_per_ml(nominal.value)}. Check activity, unit and volume."
        ),
        value=fmt.mbq_per_ml(actual),
        limit=fmt.mbq_per_ml(nominal.value),
        source=nominal.source,
    )


def _is_in_date(d: Delivery) -> Refusal | None:
    if d.command.received_at < d.command.expires_at:
        return None
    return Refusal(
        code="expired_on_arrival",
        field="expires_at",
        message="The vial was expired when it came. It cannot be drawn from.",
    )


_WARNINGS = (_volume_is_usual, _concentration_is_usual, _is_in_date)


def _impurity_warnings(d: Delivery) -> Iterator[Refusal]:
    usual: Mapping[str, Fraction] = {
        impurity.nuclide: Fraction(impurity.max_ratio.value)
        for impurity in d.product.usual_impurities
    }
    for number, impurity in enumerate(d.command.impurities):
        most = usual.get(impurity.nuclide)
        if most is not None and Fraction(impurity.ratio) > most:
            yield Refusal(
                code="impurity_above_usual",
                field=f"impurities.{number}.ratio",
                message=f"{impurity.nuclide} is above what {d.product.name} may carry.",
                value=str(impurity.ratio),
                operator="<=",
                limit=str(float(most)),
            )
