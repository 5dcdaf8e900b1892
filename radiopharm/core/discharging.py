"""Discharge to the drain: a delay tank, or what is poured away directly; and what forbids it.

Whether it may go is the release check of a pack that has a leg about water; every leg that has not
passed is a reason, beside the rules below.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core import formatting as fmt
from radiopharm.core.people import SAFETY_OFFICER
from radiopharm.core.refusals import Refusal, Rule, run
from radiopharm.core.release import Check
from radiopharm.core.rule_packs import RulePack
from radiopharm.core.signing import Record, Signing, Statement
from radiopharm.core.verdicts import of_leg

WATER_LEGS = frozenset({"liquid_concentration", "per_month", "per_year"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drain:
    """By which drain it goes, what permits that, and the pack about water that judges it."""

    route: str
    permission: str
    pack: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DischargeTank:
    """A tank's discharge as asked for."""

    drain: Drain
    signature: Signing
    after_sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquid:
    """What is poured directly: so much of a vial, or other liquid of declared nuclides."""

    description: str
    volume_ul: int
    vial_id: int | None = None
    after_sequence: int | None = None
    activities_bq: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pour:
    """Pouring as asked for."""

    liquid: Liquid
    drain: Drain
    signature: Signing


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge:
    """A discharge somebody wants to sign: the check it rests on; `missing` is a tank account's."""

    check: Check
    pack: RulePack
    roles: Collection[str]
    missing: tuple[str, ...] = ()
    discharged_at: datetime | None = None


def refusals(discharge: Discharge) -> tuple[Refusal, ...]:
    """Everything that stands in the way of *discharge*."""
    broken = (leg for leg in discharge.check.legs if leg.passed is not True)
    return run(_RULES, discharge) + tuple(of_leg(leg) for leg in broken)


def is_about_water(pack: RulePack) -> bool:
    """Whether a pack says anything of what goes to a drain."""
    return any(leg.kind in WATER_LEGS for leg in pack.legs)


def statement(
    what: str, key: str, version: int, drain: Drain, facts: Discharge, at: str, meaning: str
) -> Statement:
    """What is signed of a discharge: what goes where and by what right, and each leg about it."""
    found = facts.check.contents_bq.items()
    legs = facts.check.legs
    contents = ", ".join(f"{fmt.activity_auto(bq)} {symbol}" for symbol, bq in found)
    return Statement(
        record=Record(kind="discharge", key=key, version=version),
        meaning=meaning,
        sentences=(
            f"{what} goes to the drain {drain.route}, permitted by {drain.permission}.",
            f"In it at {at}: {contents or 'nothing'}.",
            f"{facts.pack.name}, in force since {facts.pack.edition}: "
            f"{' '.join(leg.message for leg in legs)}",
        ),
        facts={
            "pack": facts.pack.code,
            "legs": [leg.as_dict() for leg in legs],
            "contents_bq": {symbol: str(bq) for symbol, bq in found},
        },
    )


def _went_already(discharge: Discharge) -> Refusal | None:
    at = discharge.discharged_at
    if at is None:
        return None
    return Refusal(
        code="discharged_already", message=f"This tank was discharged on {at:%Y-%m-%d}, once."
    )


def _is_not_safety_officer(discharge: Discharge) -> Refusal | None:
    if SAFETY_OFFICER in discharge.roles:
        return None
    return Refusal(
        code="not_safety_officer", message="A safety officer must sign for what goes to the drain."
    )


def _pack_is_about_water(discharge: Discharge) -> Refusal | None:
    pack = discharge.pack
    if is_about_water(pack):
        return None
    return Refusal(
        code="no_water_leg",
        field="pack",
        message=f"{pack.name} says nothing about water. Choose a pack that does.",
    )


def _contents_are_known(discharge: Discharge) -> Refusal | None:
    if not discharge.missing:
        return None
    return Refusal(code="account_incomplete", message=" ".join(discharge.missing))


_RULES: tuple[Rule[Discharge], ...] = (
    _went_already,
    _is_not_safety_officer,
    _pack_is_about_water,
    _contents_are_known,
)
