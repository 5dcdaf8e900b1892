"""What a dose needs of each vial it is drawn from: the product, accepted, in date, enough, free."""

from collections.abc import Iterator

from radiopharm.core import formatting as fmt
from radiopharm.core.dispensing import Situation, Source
from radiopharm.core.refusals import Refusal
from radiopharm.core.states import is_quarantined, use_by
from radiopharm.core.vials import Happening


def refusals(situation: Situation) -> Iterator[Refusal]:
    """Everything about the vials that stands in the way of a dose still to be drawn."""
    for source in situation.sources:
        for rule in _RULES:
            refusal = rule(source, situation)
            if refusal is not None:
                yield refusal


def _is_the_product(source: Source, s: Situation) -> Refusal | None:
    if source.vial.product == s.version.product:
        return None
    return Refusal(
        code="wrong_product",
        field="draws",
        message=f"This is {source.product.name}. The directive says {s.product.name}.",
    )


def _is_accepted(source: Source, s: Situation) -> Refusal | None:
    if source.vial.latest(Happening.ACCEPTED) is not None:
        return None
    return Refusal(
        code="not_accepted",
        field="draws",
        message=f"{source.vial.code} has not been accepted yet. Accept the delivery first.",
    )


def _is_not_quarantined(source: Source, s: Situation) -> Refusal | None:
    if not is_quarantined(source.vial, s.now):
        return None
    return Refusal(
        code="quarantined",
        field="draws",
        message=f"{source.vial.code} is quarantined. It may not be drawn from.",
    )


def _is_in_date(source: Source, s: Situation) -> Refusal | None:
    at = max(s.administer_at, s.now)  # an instant in the past brings no vial back into date
    expiry = use_by(source.vial, at)
    if at < expiry:
        return None
    away_s = (at - expiry).total_seconds()
    when = (
        f"will have expired {fmt.duration(away_s)} before" if away_s >= 1 else "expires just when"
    )
    return Refusal(
        code="expired",
        field="draws",
        message=f"{source.vial.code} {when} the dose is given.",
        value=f"{at:%Y-%m-%dT%H:%MZ}",
        operator="<",
        limit=f"{expiry:%Y-%m-%dT%H:%MZ}",
    )


def _holds_enough(source: Source, s: Situation) -> Refusal | None:
    if source.is_enough:
        return None
    held = source.vial.ledger.balance.volume_ul
    return Refusal(
        code="insufficient",
        field="draws",
        message=(f"{source.vial.code} holds {fmt.ml(held)}, you asked {fmt.ml(source.volume_ul)}."),
        value=fmt.ml(source.volume_ul),
        operator="<=",
        limit=fmt.ml(held),
    )


def _is_not_kept_for_another(source: Source, s: Situation) -> Refusal | None:
    kept = source.vial.latest(Happening.ALLOCATED)
    if kept is None or kept.directive_id in (None, s.directive.id) or s.command.reason:
        return None
    return Refusal(
        code="kept_for_another",
        field="reason",
        message=(
            f"{source.vial.code} is kept for directive R-{kept.directive_id:06d}. "
            "Choose another vial, or say why this one."
        ),
    )


_RULES = (
    _is_the_product,
    _is_accepted,
    _is_not_quarantined,
    _is_in_date,
    _holds_enough,
    _is_not_kept_for_another,
)
