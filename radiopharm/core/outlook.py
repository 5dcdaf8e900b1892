"""What a delivery's label means in the hours that count: now, at first use, at expiry."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core.decay import seconds
from radiopharm.core.receiving import Delivery, composition, warnings
from radiopharm.core.refusals import Refusal
from radiopharm.core.working import Working, explain

HOURS_UP_TO_S = 96 * 3_600  # "47 h" says more at the bench than "1 d 23 h"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The live figures beside the form; `concentration` in Bq/µL at the reference instant."""

    now: Working
    at_first_use: Working | None
    at_expiry: Working
    ahead_s: float
    volume_ul: int
    concentration: Fraction
    warnings: tuple[Refusal, ...]

    @property
    def factor_now(self) -> float:
        """Activity now over the label's."""
        return self.now.activity_bq / self.now.amount_bq

    @property
    def sentence(self) -> str:
        """How far the reference time is, and what that makes of the label's figure."""
        factor = fmt.figure(float(f"{self.factor_now:.3g}"))
        away = _away(abs(self.ahead_s))
        where = f"is {away} ahead" if self.ahead_s >= 0 else f"was {away} ago"
        return f"The reference time {where}: activity now is {factor} × the label."


def outlook(delivery: Delivery) -> Outlook:
    """The figures of a delivery that passed `receiving.refusals`; first use is its directive's.

    Raises `UndefinedBefore` or `OutOfRange` as decay does.
    """
    command, kept_for = delivery.command, delivery.kept_for
    return Outlook(
        now=_at(delivery, delivery.now),
        at_first_use=_at(delivery, kept_for.newest.planned_for) if kept_for else None,
        at_expiry=_at(delivery, command.expires_at),
        ahead_s=seconds(delivery.now, command.reference_at),
        volume_ul=command.volume_ul,
        concentration=Fraction(command.activity_bq, command.volume_ul),
        warnings=warnings(delivery),
    )


def _at(delivery: Delivery, instant: datetime) -> Working:
    command = delivery.command
    return explain(
        amount_bq=command.activity_bq,
        ratios={impurity.nuclide: impurity.ratio for impurity in composition(delivery)},
        principal=delivery.product.nuclide,
        reference_at=command.reference_at,
        at=instant,
        data=delivery.data,
    )


def _away(away_s: float) -> str:
    if away_s >= HOURS_UP_TO_S:
        return fmt.duration(away_s)
    hours, minutes = divmod(int(away_s) // 60, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes or not hours else ""]
    return " ".join(part for part in parts if part)
