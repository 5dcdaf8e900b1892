"""How much to draw: the volume that holds a wanted activity at the instant it is to be given.

The volume depends on when the dose is given, not on when it is drawn: both decay alike.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from radiopharm.core import formatting as fmt
from radiopharm.core.ledger import Amount, share
from radiopharm.core.refusals import Refusal
from radiopharm.core.states import VialState, vial_state
from radiopharm.core.stock import VialAt

TOLERANCE = Fraction(10, 100)
FORMULA = "V = V held · A wanted / A(t)"
ROUNDING = "to the nearest microlitre, which is what can be drawn and booked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What to draw from one vial for an activity wanted at `seen.at`.

    `volume_ul` is None where the vial holds no activity to share; `low_ul` and `high_ul` are the
    volumes at −10 % and +10 %. `activity_bq` is what the proposed volume, or all that is held,
    comes to.
    """

    seen: VialAt
    wanted_bq: int
    volume_ul: int | None
    low_ul: int | None
    high_ul: int | None
    activity_bq: float | None
    refusals: tuple[Refusal, ...]

    @property
    def working(self) -> dict[str, object] | None:
        """How activity and volume follow, the volume in mL before it is rounded; else None."""
        activity, exact_ul = self.seen.working, _exactly(self.seen, self.wanted_bq)
        if activity is None or exact_ul is None:
            return None
        volume = {
            "held_ul": _held(self.seen),
            "wanted_bq": self.wanted_bq,
            "formula": FORMULA,
            "volume_ml": float(exact_ul / 1000),
            "rounding": ROUNDING,
        }
        return {**activity.as_dict(), "volume": volume}


def proposal(seen: VialAt, wanted_bq: int, now: datetime) -> Proposal:
    """The volume to draw from the vial, as it is at `seen.at`, for *wanted_bq* at that instant."""
    volumes = [volume_for(seen, wanted_bq * factor) for factor in _FACTORS]
    volume = volumes[1]
    taken = _held(seen) if volume is None else min(volume, _held(seen))
    return Proposal(
        seen=seen,
        wanted_bq=wanted_bq,
        volume_ul=volume,
        low_ul=volumes[0],
        high_ul=volumes[2],
        activity_bq=_activity_of(seen, taken),
        refusals=tuple(_refusals(seen, volume, now)),
    )


_FACTORS = (1 - TOLERANCE, Fraction(1), 1 + TOLERANCE)


def volume_for(seen: VialAt, wanted_bq: Fraction | int) -> int | None:
    """The volume (µL, to the nearest) that holds *wanted_bq*; None where there is no activity."""
    exact_ul = _exactly(seen, wanted_bq)
    return None if exact_ul is None else round(exact_ul)


def _exactly(seen: VialAt, wanted_bq: Fraction | int) -> Fraction | None:
    if not seen.activity_bq or not _held(seen):
        return None
    return _held(seen) * Fraction(wanted_bq) / Fraction(seen.activity_bq)


def _held(seen: VialAt) -> int:
    return seen.vial.ledger.balance.volume_ul


def _activity_of(seen: VialAt, volume_ul: int) -> float | None:
    balance: Amount = seen.vial.ledger.balance
    if not volume_ul or seen.activity_bq is None or not balance.reference_bq:
        return None
    return seen.activity_bq * share(balance, volume_ul).reference_bq / balance.reference_bq


def _refusals(seen: VialAt, volume: int | None, now: datetime) -> list[Refusal]:
    found = []
    vial = seen.vial
    state = vial_state(vial, vial.ledger.balance, max(seen.at, now))
    if state is not VialState.AVAILABLE:
        found.append(
            Refusal(code=str(state), message=f"{vial.code}: {_WORDS.get(state, str(state))}")
        )
    if volume is None or volume > _held(seen):
        asked = "more" if volume is None else fmt.ml(volume)
        found.append(
            Refusal(
                code="insufficient",
                message=f"{vial.code} holds {fmt.ml(_held(seen))}; that would take {asked}.",
                value=asked,
                operator="<=",
                limit=fmt.ml(_held(seen)),
            )
        )
    return found


_WORDS = {
    VialState.RECEIVED: "accept the delivery first.",
    VialState.QUARANTINED: "it is quarantined.",
    VialState.EXPIRED: "it will have expired by then.",
    VialState.EMPTY: "it is empty.",
    VialState.NOT_HERE: "it is not here yet.",
}
