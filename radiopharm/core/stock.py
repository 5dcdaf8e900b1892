"""What a vial shows at an instant: balance, activity with its working, volume, state."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from radiopharm.core import formatting as fmt
from radiopharm.core.decay import OutOfRange, UndefinedBefore
from radiopharm.core.ledger import Amount
from radiopharm.core.products import Product
from radiopharm.core.reference import Reference
from radiopharm.core.states import VialState, vial_state
from radiopharm.core.vials import Happening, Vial, nuclear_data
from radiopharm.core.working import Working, explain


@dataclass(frozen=True, slots=True, kw_only=True)
class VialAt:
    """A vial as it was, is or will be at `at`.

    `working` is None where the declared composition cannot have existed so early; then
    `undefined` says so in words.
    """

    vial: Vial
    product: Product
    at: datetime
    balance: Amount | None
    state: VialState
    working: Working | None
    undefined: str | None = None

    @property
    def activity_bq(self) -> float | None:
        """The principal nuclide's activity, what its impurities feed included."""
        return self.working.activity_bq if self.working else None

    @property
    def concentration(self) -> float | None:
        """Bq/µL (which is MBq/mL per thousand); None where there is nothing to share."""
        if self.activity_bq is None or self.balance is None or not self.balance.volume_ul:
            return None
        return self.activity_bq / self.balance.volume_ul

    @property
    def place(self) -> str | None:
        """Where it was last put."""
        moved = self.vial.latest(Happening.MOVED, by=self.at)
        return moved.place if moved else None

    @property
    def kept_for(self) -> int | None:
        """The directive it is kept for."""
        allocated = self.vial.latest(Happening.ALLOCATED, by=self.at)
        return allocated.directive_id if allocated else None


def seen(vial: Vial, balance: Amount | None, at: datetime, reference: Reference) -> VialAt:
    """*vial* at the instant *at*, when it held *balance* (None: not here yet).

    Before its first entry the amount shown is what it was received with: the label's activity is
    true at any instant, only the inventory leaves it out.
    """
    held = vial.ledger.balance if balance is None else balance
    working, undefined = None, None
    try:
        working = explain(
            amount_bq=held.reference_bq,
            ratios=vial.ratios,
            principal=vial.nuclide,
            reference_at=vial.reference_at,
            at=at,
            data=nuclear_data(vial, reference),
        )
    except UndefinedBefore as early:
        since = vial.reference_at + timedelta(seconds=early.elapsed_s)
        undefined = f"Undefined before {fmt.instant(since, UTC)}: {early.nuclide} was not there."
    except OutOfRange as far:
        undefined = str(far)
    return VialAt(
        vial=vial,
        product=reference.products[vial.product],
        at=at,
        balance=balance,
        state=vial_state(vial, balance, at),
        working=working,
        undefined=undefined,
    )
