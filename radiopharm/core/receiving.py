"""Receiving a vial: what must be so before it can be written down, and what is worth a word.

A delivery is a fact: what merely looks wrong (a volume outside the product's range, an impurity
above the usual) is recorded and flagged; only what cannot be true is refused.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from radiopharm.core import certificates, decay
from radiopharm.core import formatting as fmt
from radiopharm.core.certificates import Certificate, DeclaredImpurity
from radiopharm.core.directives import Directive
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.products import Product
from radiopharm.core.refusals import Refusal, run
from radiopharm.core.timing import AHEAD_TOLERATED
from radiopharm.core.vials import Impurity

MAX_HALF_LIVES = 10  # beyond, rounding at the reference instant would cost digits
CONCENTRATION_TOLERATED = Fraction(5, 100)


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
    """A command with what is known about its product and directive, at the instant of judging."""

    command: ReceiveVial
    product: Product
    data: NuclearData
    now: datetime
    kept_for: Directive | None = None

    @property
    def half_life_s(self) -> float:
        return self.data.get(self.product.nuclide).half_life_s

    @property
    def certificate(self) -> Certificate:
        return Certificate(
            declared=self.command.impurities,
            principal=self.product.nuclide,
            reference_at=self.command.reference_at,
            data=self.data,
        )


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
    return run(_RULES, delivery) + certificates.refusals(delivery.certificate)


def warnings(delivery: Delivery) -> tuple[Refusal, ...]:
    """Everything worth a second look; the delivery is recorded and flagged all the same."""
    declared = delivery.command.impurities
    return run(_WARNINGS, delivery) + certificates.warnings(declared, delivery.product)


def composition(delivery: Delivery) -> tuple[Impurity, ...]:
    """The declared impurities carried to the reference instant, with their own half-lives."""
    return certificates.composition(delivery.certificate)


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


def _is_the_directives_product(d: Delivery) -> Refusal | None:
    if d.kept_for is None or d.kept_for.newest.product == d.command.product:
        return None
    said = f"{d.kept_for.code} is for another product."
    return Refusal(code="wrong_product", field="directive_id", message=said)


_RULES = (
    _amounts_are_positive,
    _lot_is_given,
    _expiry_follows_reference,
    _arrival_is_not_ahead,
    _reference_is_near,
    _is_the_directives_product,
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


def _expiry_is_within_the_shelf_life(d: Delivery) -> Refusal | None:
    latest = d.product.expiry_after_calibration(d.command.reference_at)
    if latest is None or d.command.expires_at <= latest:
        return None
    shelf_life = d.product.shelf_life_after_calibration_s
    assert shelf_life is not None
    return Refusal(
        code="expiry_beyond_shelf_life",
        field="expires_at",
        message=(
            f"{d.product.name} keeps {shelf_life.text} from calibration; this expiry is later. "
            "Check both dates."
        ),
        value=fmt.duration(decay.seconds(d.command.reference_at, d.command.expires_at)),
        operator="<=",
        limit=shelf_life.text,
        source=shelf_life.source,
    )


_WARNINGS = (
    _volume_is_usual,
    _concentration_is_usual,
    _is_in_date,
    _expiry_is_within_the_shelf_life,
)
