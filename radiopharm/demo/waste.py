"""The demo's waste: filling, in decay, ready to be released, released, and one that cannot be."""

from datetime import datetime, timedelta
from decimal import Decimal

from radiopharm.core.containers import ContainerKind, Source
from radiopharm.core.filling import Measure, OpenContainer, PutItem, Seal
from radiopharm.core.leaving import Outgoing
from radiopharm.core.releasing import ReleaseContainer
from radiopharm.core.rule_packs import ChooseRulePack
from radiopharm.demo.ward import Ward
from radiopharm.services import releasing, rule_packs, waste
from radiopharm.store import administrations

RULES = "us-dis"
SEALED_AFTER = timedelta(days=2)
BACKGROUND, WARM = Decimal("0.12"), Decimal("1.9")  # µSv/h
OLD_LU_177 = (("Lu-177", 2_100_000_000),)
LU_177_WITH_M = (("Lu-177", 1_800_000_000), ("Lu-177m", 360_000))


def last_months(ward: Ward) -> None:
    """The rules are chosen; one bag is released since, one is ready, one must go elsewhere."""
    chosen_at = ward.at(-89 * 24)
    signing = ward.signing("safety_officer", chosen_at)
    choice = ChooseRulePack(pack=RULES, reason="", signature=signing)
    ward.do("safety_officer", chosen_at, lambda act: rule_packs.choose(act, choice))
    first = in_decay(ward, ward.at(-88 * 24), "Lu-177", OLD_LU_177, "Gloves and lines, week 1")
    in_decay(ward, ward.at(-81 * 24), "Lu-177", LU_177_WITH_M, "Vials with Lu-177m")
    ready = in_decay(ward, ward.at(-76 * 24), "Lu-177", OLD_LU_177, "Gloves and lines, week 2")
    in_decay(ward, ward.at(-14 * 24), "I-131", (("I-131", 310_000_000),), "Ward linen")
    measured(ward, ward.at(-7 * 24), first, BACKGROUND)
    released(ward, ward.at(-7 * 24), first)
    measured(ward, ward.at(-6.5 * 24), ready, BACKGROUND)


def from_yesterday(ward: Ward, dose_id: int) -> None:
    """What was left of a dose lies in a bag that is still being filled."""
    at = ward.noon(-1) + timedelta(hours=1)
    bag = opened(ward, at, "Lu-177", "Treatment room 2")
    with ward.runtime.reading() as db:
        given = administrations.of_dose(db, dose_id)
    assert given is not None
    for residue in given["residues"]:
        put_in(ward, at, bag, PutItem(source=Source.RESIDUE, residue_id=residue["id"]))


def in_decay(
    ward: Ward, at: datetime, nuclide: str, holds: tuple[tuple[str, int], ...], what: str
) -> int:
    """A bag filled, then sealed and measured two days later; its id."""
    bag = opened(ward, at, nuclide, what)
    put_in(ward, at, bag, PutItem(source=Source.OTHER, description=what, activities_bq=holds))
    later, seal = at + SEALED_AFTER, Seal(mass_g=2_400)
    ward.do("technologist", later, lambda act: waste.seal(act, bag, seal))
    measured(ward, later, bag, WARM)
    return bag


def opened(ward: Ward, at: datetime, nuclide: str, description: str) -> int:
    """An empty bag in the decay store; its id."""
    command = OpenContainer(
        kind=ContainerKind.BAG, nuclide=nuclide, place="Decay store", description=description
    )
    bag: int = ward.do("technologist", at, lambda act: waste.open_container(act, command))
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


def released(ward: Ward, at: datetime, bag: int) -> None:
    """The safety officer signs that a bag is ordinary waste now."""
    command = ReleaseContainer(
        outgoing=Outgoing(
            destination="Ordinary clinical waste",
            labels_defaced=True,
            route="Clinical waste, yellow bin",
            biohazard="none",
        ),
        signature=ward.signing("safety_officer", at),
    )
    ward.do("safety_officer", at, lambda act: releasing.release(act, bag, command))
