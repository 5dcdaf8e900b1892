"""Filling a waste container: opening it, putting things in, measuring and sealing it.

Every rule says what forbids a change or cannot be true of its instant; what an item held then is
`core.portions`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from radiopharm.core import formatting as fmt
from radiopharm.core.containers import MIX, ContainerKind, Source, WasteContainer
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.refusals import Refusal, Rule, run
from radiopharm.core.timing import AHEAD_TOLERATED


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenContainer:
    """A new container for one nuclide or `MIX`; `opened_at` None means now."""

    kind: ContainerKind
    nuclide: str
    place: str
    description: str = ""
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutItem:
    """Something to put in, by its source; `put_in_at` None means now, no volume means all.

    Other material, and what was wiped from a surface, declares its activities at that instant, its
    principal nuclide first. `articles` is how many alike it is, where somebody counted.
    """

    source: Source
    put_in_at: datetime | None = None
    description: str = ""
    reason: str = ""
    vial_id: int | None = None
    after_sequence: int | None = None
    volume_ul: int | None = None
    dispensing_id: int | None = None
    residue_id: int | None = None
    activities_bq: tuple[tuple[str, int], ...] = ()
    articles: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The container is closed for good; its mass and volume where somebody measured them."""

    sealed_at: datetime | None = None
    mass_g: int | None = None
    volume_ml: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """A sealed container is opened again; `reopened_at` None means now."""

    reason: str
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A reading at the surface against background, both in one unit, numbers as typed.

    `place` is where it was taken, None where nobody said.
    """

    background: Decimal
    reading: Decimal
    unit: str
    unshielded: bool
    most_sensitive_scale: bool
    instrument_id: int
    measured_at: datetime
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something about to be done to a container at an instant, which stands in the box `field`.

    `nuclide` is the principal one of what is put in, and `since` when that came to be.
    """

    container: WasteContainer
    at: datetime
    now: datetime
    field: str
    nuclide: str = ""
    since: datetime | None = None


def opening_faults(
    nuclide: str, opened_at: datetime, now: datetime, data: NuclearData
) -> tuple[Refusal, ...]:
    """Everything that cannot be true of a new container."""
    found = []
    if opened_at > now + AHEAD_TOLERATED:
        found.append(Refusal(code="ahead", field="opened_at", message=_AHEAD))
    if nuclide != MIX and nuclide not in data.nuclides:
        said = f"{data.name} has no data for {nuclide}."
        found.append(Refusal(code="unknown_nuclide", field="nuclide", message=said))
    return tuple(found)


def faults(change: Change) -> tuple[Refusal, ...]:
    """Everything that cannot be true of the instant given."""
    return run(_INSTANT_RULES, change)


def seal_faults(change: Change) -> tuple[Refusal, ...]:
    """Everything that cannot be true of the instant of a seal."""
    return run(_SEAL_RULES, change)


def filling_refusals(change: Change) -> tuple[Refusal, ...]:
    """Everything that forbids putting this into that container."""
    return run(_FILLING_RULES, change)


def sealing_refusals(change: Change) -> tuple[Refusal, ...]:
    """Everything that forbids sealing the container."""
    return run(_SEALING_RULES, change)


def reopening_faults(change: Change) -> tuple[Refusal, ...]:
    """Everything that cannot be true of the instant at which it was opened again."""
    return run((*_INSTANT_RULES, _is_after_the_seal), change)


def reopening_refusals(change: Change, reason: str) -> tuple[Refusal, ...]:
    """Everything that forbids opening a container again."""
    said = "Write why it is opened again: its wait begins anew with the next item."
    lacks = Refusal(code="no_reason", field="reason", message=said)
    return run((_is_still_here, _is_sealed), change) + (() if reason.strip() else (lacks,))


def keeping_refusals(change: Change) -> tuple[Refusal, ...]:
    """Everything that forbids measuring or moving a container: it must still be here."""
    return run((_is_still_here,), change)


def _is_not_ahead(change: Change) -> Refusal | None:
    if change.at <= change.now + AHEAD_TOLERATED:
        return None
    return Refusal(code="ahead", field=change.field, message=_AHEAD)


def _is_after_opening(change: Change) -> Refusal | None:
    opened_at = change.container.opened_at
    if change.at >= opened_at:
        return None
    said = f"{change.container.code} was opened later, on {fmt.instant(opened_at, UTC)}."
    return Refusal(code="before_opening", field=change.field, message=said)


def _was_there_then(change: Change) -> Refusal | None:
    since = change.since
    if since is None or change.at >= since:
        return None
    said = f"It was measured later, on {fmt.instant(since, UTC)}. Enter when it really went in."
    return Refusal(code="before_it_was", field=change.field, message=said)


def _is_after_the_last_item(change: Change) -> Refusal | None:
    items = change.container.items
    last_at = max((item.put_in.put_in_at for item in items), default=change.at)
    if change.at >= last_at:
        return None
    said = f"The last item went in on {fmt.instant(last_at, UTC)}; it was sealed after that."
    return Refusal(code="before_last_item", field=change.field, message=said)


def _is_still_here(change: Change) -> Refusal | None:
    left = change.container.departure
    if left is None:
        return None
    said = f"{change.container.code} was {left.way} on {fmt.instant(left.left_at, UTC)}."
    return Refusal(code="already_left", message=said)


def _is_open(change: Change) -> Refusal | None:
    seal = change.container.seal
    if seal is None:
        return None
    said = (
        f"{change.container.code} was sealed on {fmt.instant(seal.at, UTC)}; nothing changes in it."
    )
    return Refusal(code="sealed_already", message=f"{said} Take another container.")


def _is_sealed(change: Change) -> Refusal | None:
    if change.container.seal is not None:
        return None
    return Refusal(code="open_already", message=f"{change.container.code} is open.")


def _is_after_the_seal(change: Change) -> Refusal | None:
    seal = change.container.seal
    if seal is None or change.at >= seal.at:
        return None
    said = f"It was sealed later, on {fmt.instant(seal.at, UTC)}."
    return Refusal(code="before_seal", field=change.field, message=said)


def _has_contents(change: Change) -> Refusal | None:
    if change.container.items:
        return None
    said = f"{change.container.code} is empty. Put something in before it is sealed."
    return Refusal(code="empty", message=said)


def _is_of_one_nuclide(change: Change) -> Refusal | None:
    container = change.container
    if container.nuclide in (change.nuclide, MIX):
        return None
    said = f"{container.code} is for {container.nuclide}; this is {change.nuclide}."
    return Refusal(
        code="other_nuclide",
        field="nuclide",
        message=f"{said} Put it into a container for {change.nuclide}, or a mixed one.",
        value=change.nuclide,
        operator="=",
        limit=container.nuclide,
    )


_AHEAD = "That lies in the future. Enter when it really happened."
_INSTANT_RULES: tuple[Rule[Change], ...] = (_is_not_ahead, _is_after_opening, _was_there_then)
_SEAL_RULES: tuple[Rule[Change], ...] = (*_INSTANT_RULES, _is_after_the_last_item)
_FILLING_RULES: tuple[Rule[Change], ...] = (_is_still_here, _is_open, _is_of_one_nuclide)
_SEALING_RULES: tuple[Rule[Change], ...] = (_is_still_here, _is_open, _has_contents)
