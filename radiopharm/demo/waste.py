"""The demo's waste: filling, in decay, ready to be released, and three that make somebody think.

One carries Lu-177m, one has it undeclared, one must not wait; how they left is in `departures`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from radiopharm.core.containers import MIX, ContainerKind, Source
from radiopharm.core.filling import Measure, OpenContainer, PutItem, Seal
from radiopharm.core.rule_packs import ChooseRulePack
from radiopharm.core.splitting import Share, Split
from radiopharm.demo.ward import Ward
from radiopharm.services import rule_packs, splitting, waste
from radiopharm.store import administrations

RULES = "us-dis"
SEALED_AFTER = timedelta(days=2)
BACKGROUND, WARM = Decimal("0.12"), Decimal("1.9")  # µSv/h
OLD_LU_177 = (("Lu-177", 2_100_000_000),)
LU_177_WITH_M = (("Lu-177", 1_800_000_000), ("Lu-177m", 360_000))
I_131 = (("I-131", 310_000_000),)
TOO_SLOW = ((44, "0.317"), (24, "0.300"), (3, "0.285"))  # days ago, µSv/h: as with Lu-177m


@dataclass(frozen=True, slots=True, kw_only=True)
class Bags:
    """The bags that something happens to later, by their ids."""

    released: int
    handed_over: int
    ready: int
    slow: int


def first_weeks(ward: Ward) -> Bags:
    """The rules are chosen, and the first bags filled."""
    chosen_at = ward.at(-89 * 24)
    signing = ward.signing("safety_officer", chosen_at)
    choice = ChooseRulePack(pack=RULES, reason="", signature=signing, signers=1)
    ward.do("safety_officer", chosen_at, lambda act: rule_packs.choose(act, choice))
    released = in_decay(ward, ward.at(-88 * 24), "Lu-177", OLD_LU_177, "Gloves and lines, week 1")
    slow = sealed(ward, ward.at(-86 * 24), "Lu-177", OLD_LU_177, "Lines and swabs, week 1")
    handed_over = in_decay(ward, ward.at(-83 * 24), "Lu-177", LU_177_WITH_M, "Vials, last year")
    in_decay(ward, ward.at(-81 * 24), "Lu-177", LU_177_WITH_M, "Vials with Lu-177m")
    ready = in_decay(ward, ward.at(-76 * 24), "Lu-177", OLD_LU_177, "Gloves and lines, week 2")
    return Bags(released=released, handed_over=handed_over, ready=ready, slow=slow)


def measured_again(ward: Ward, bag: int) -> None:
    """A bag that holds more than was declared: each time it has fallen too little."""
    for days, reading in TOO_SLOW:
        measured(ward, ward.at(-days * 24), bag, Decimal(reading))


def from_yesterday(ward: Ward, dose_id: int) -> None:
    """What was left of a dose lies in a bag that is still being filled."""
    at = ward.noon(-1) + timedelta(hours=1)
    bag = opened(ward, at, "Lu-177", "Treatment room 2")
    with ward.runtime.reading() as db:
        given = administrations.of_dose(db, dose_id)
    assert given is not None
    first, *others = (residue["id"] for residue in given["residues"])
    for residue_id in others:
        put_in(ward, at, bag, PutItem(source=Source.RESIDUE, residue_id=residue_id))
    mixed = opened(ward, at, MIX, "Hot lab, lines of all nuclides")
    swabs = PutItem(source=Source.OTHER, description="Swabs, hot lab", activities_bq=I_131)
    put_in(ward, at, mixed, swabs)
    divided(ward, at, first, {bag: Decimal(70), mixed: Decimal(30)})


def divided(ward: Ward, at: datetime, residue_id: int, percents: dict[int, Decimal]) -> None:
    """One residue goes into several bags."""
    shares = tuple(Share(container_id=bag, percent=percent) for bag, percent in percents.items())
    item = PutItem(source=Source.RESIDUE, residue_id=residue_id)
    ward.do("technologist", at, lambda act: splitting.split(act, Split(item=item, shares=shares)))


def in_decay(
    ward: Ward, at: datetime, nuclide: str, holds: tuple[tuple[str, int], ...], what: str
) -> int:
    """A bag filled, then sealed and measured two days later; its id."""
    bag = sealed(ward, at, nuclide, holds, what)
    measured(ward, at + SEALED_AFTER, bag, WARM)
    return bag


def sealed(
    ward: Ward, at: datetime, nuclide: str, holds: tuple[tuple[str, int], ...], what: str
) -> int:
    """A bag filled, then sealed two days later; its id."""
    bag, seal = opened(ward, at, nuclide, what), Seal(mass_g=2_400)
    put_in(ward, at, bag, PutItem(source=Source.OTHER, description=what, activities_bq=holds))
    ward.do("technologist", at + SEALED_AFTER, lambda act: waste.seal(act, bag, seal))
    return bag


def opened(ward: Ward, at: datetime, nuclide: str, description: str) -> int:
    """An empty bag in the decay store; its id."""
    command = OpenContainer(
        kind=ContainerKind.BAG, nuclide=nuclide, place="Decay store", description=description
    )
    scheme = ward.runtime.container_numbers
    bag: int = ward.do("technologist", at, lambda act: waste.open_container(act, command, scheme))
    return bag


def put_in(ward: Ward, at: datetime, bag: int, command: PutItem) -> None:
    """Something goes into a bag."""
    ward.do("technologist", at, lambda act: waste.put_in(act, bag, command))


def measured(ward: Ward, at: datetime, bag: int, reading: Decimal) -> None:
    """A survey at the surface, without shielding, on the most sensitive scale."""
    survey = Measure(
        background=BACKGROUND,
        reading=reading,
        unit="µSv/h",
        unshielded=True,
        most_sensitive_scale=True,
        instrument_id=ward.survey_meter,
        measured_at=at,
    )
    ward.do("physicist", at, lambda act: waste.measure(act, bag, survey))
