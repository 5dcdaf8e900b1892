"""What is done to a delay tank: added, opened, read, closed, used by a patient, sampled; voided."""

from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.nuclides import NuclearData
from radiopharm.core.refusals import Refusal, Rule, run
from radiopharm.core.tanks import Filling, Level, Tank
from radiopharm.core.timing import AHEAD_TOLERATED


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTank:
    """A tank as built; `rooms` are those whose toilets drain into it."""

    number: str
    capacity_l: int
    rooms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLevel:
    """A reading of the volume; `closes` when the inlet was shut with it."""

    volume_l: int
    instrument: str
    at: datetime | None = None
    closes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UseTank:
    """A treated patient's room drains into it, by their dose, from then on."""

    dispensing_id: int
    room: str
    from_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSample:
    """A measured concentration of a nuclide."""

    nuclide: str
    bq_per_l: int
    text: str
    instrument: str
    sampled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TankChange:
    """Something about to be done to a filling at an instant; the rest where it belongs to it."""

    filling: Filling
    at: datetime
    now: datetime
    volume_l: int | None = None
    room: str | None = None
    given_at: datetime | None = None
    nuclide: str | None = None
    data: NuclearData | None = None
    closes: bool = False
    needs_open: bool = False


def opening_refusals(tank: Tank, last: Filling | None) -> tuple[Refusal, ...]:
    """A tank is opened again only when what it held has been discharged."""
    if last is None or last.discharged_at is not None:
        return ()
    said = f"Tank {tank.number} holds {last.code}, which has not been discharged."
    return (Refusal(code="in_use", message=said),)


def refusals(change: TankChange) -> tuple[Refusal, ...]:
    """Everything that stands in the way of *change*."""
    return run(_RULES, change)


def void_refusals(filling: Filling, level: Level) -> tuple[Refusal, ...]:
    """Everything that stands in the way of voiding a reading: all that rests on it is reckoned anew
    without it, but what a discharge was signed for stands."""
    found = []
    if filling.discharged_at is not None:
        said = f"{filling.code} has been discharged, signed by what its readings said."
        found.append(Refusal(code="discharged", message=said))
    if level.void_reason is not None:
        found.append(Refusal(code="void_already", message="This reading is void already."))
    return tuple(found)


def _is_not_ahead(change: TankChange) -> Refusal | None:
    if change.at <= change.now + AHEAD_TOLERATED:
        return None
    return Refusal(code="ahead", field="at", message="That lies in the future.")


def _is_after_opening(change: TankChange) -> Refusal | None:
    if change.at >= change.filling.opened_at:
        return None
    return Refusal(
        code="before_opening", field="at", message=f"{change.filling.code} was opened later."
    )


def _is_still_here(change: TankChange) -> Refusal | None:
    if change.filling.discharged_at is None:
        return None
    return Refusal(code="discharged", message=f"{change.filling.code} has been discharged.")


def _is_open(change: TankChange) -> Refusal | None:
    closing = change.filling.closing
    if closing is None or not change.needs_open:
        return None
    return Refusal(
        code="closed", message=f"{change.filling.code} was closed; nothing more goes in."
    )


def _is_after_the_last_fact(change: TankChange) -> Refusal | None:
    """A tank that was closed in the past would judge what came in later without it."""
    facts = (*(s.from_at for s in change.filling.stays), *(x.at for x in change.filling.readings))
    if not change.closes or all(change.at >= at for at in facts):
        return None
    said = "Something was recorded of it later than that. Enter when it was really closed."
    return Refusal(code="before_last_fact", field="at", message=said)


def _is_not_less_than_read(change: TankChange) -> Refusal | None:
    """Nothing leaves a tank while it fills."""
    last = change.filling.level(change.at)
    if not change.closes or change.volume_l is None or last is None:
        return None
    if change.volume_l >= last.volume_l:
        return None
    return Refusal(
        code="less_than_read",
        field="volume_l",
        message=(
            f"It was read at {last.volume_l:,} L before, and nothing leaves it while it fills. If "
            "that reading was wrong, void it."
        ),
        value=f"{change.volume_l} L",
        operator=">=",
        limit=f"{last.volume_l} L",
    )


def _fits_in(change: TankChange) -> Refusal | None:
    tank = change.filling.tank
    if change.volume_l is None or change.volume_l <= tank.capacity_l:
        return None
    return Refusal(
        code="beyond_capacity",
        field="volume_l",
        message=f"Tank {tank.number} holds {tank.capacity_l} L at most.",
        value=f"{change.volume_l} L",
        operator="<=",
        limit=f"{tank.capacity_l} L",
    )


def _is_a_room_of_it(change: TankChange) -> Refusal | None:
    tank = change.filling.tank
    if change.room is None or change.room in tank.rooms:
        return None
    said = f"Tank {tank.number} serves {', '.join(tank.rooms) or 'no room'}."
    return Refusal(code="other_room", field="room", message=said)


def _was_given(change: TankChange) -> Refusal | None:
    if change.room is None or change.given_at is not None:
        return None
    said = "This dose has not been given: nothing of it is excreted."
    return Refusal(code="not_given", field="dispensing_id", message=said)


def _is_known(change: TankChange) -> Refusal | None:
    if change.nuclide is None or change.data is None or change.nuclide in change.data.nuclides:
        return None
    said = f"There is no nuclear data for {change.nuclide}."
    return Refusal(code="unknown_nuclide", field="nuclide", message=said)


_RULES: tuple[Rule[TankChange], ...] = (
    _is_not_ahead,
    _is_after_opening,
    _is_still_here,
    _is_open,
    _is_after_the_last_fact,
    _is_not_less_than_read,
    _fits_in,
    _is_a_room_of_it,
    _was_given,
    _is_known,
)
