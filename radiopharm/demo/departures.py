"""How the demo's waste left: released, handed over, let go against the rules, or long ago."""

from datetime import date

from radiopharm.core.derogating import DerogateContainer
from radiopharm.core.historic import HistoricRelease
from radiopharm.core.leaving import HandOver, Outgoing, Papers
from radiopharm.core.releasing import ReleaseContainer
from radiopharm.demo.ward import Ward
from radiopharm.demo.waste import BACKGROUND, I_131, Bags, in_decay, measured, measured_again
from radiopharm.services import derogating, historic, leaving, releasing

FROM_THE_BOOK = (
    HistoricRelease(
        book="Waste register 2019",
        page="14",
        number="3",
        kind="bag",
        contents="Lu-177",
        stored_on=date(2019, 2, 4),
        released_on=date(2019, 6, 11),
        background="0.11 µSv/h",
        reading="0.11 µSv/h",
        released_by="M. Soler",
    ),
    HistoricRelease(book="Waste register 2019", page="14", number="4", contents="I-131"),
)


def last_weeks(ward: Ward, bags: Bags) -> None:
    """One bag is released, one is ready to be, one went to a licensed store, one went too soon."""
    measured_again(ward, bags.slow)
    handed_over(ward, bags.handed_over)
    linen = in_decay(ward, ward.at(-16 * 24), "I-131", I_131, "Soaked linen, biohazard")
    in_decay(ward, ward.at(-14 * 24), "I-131", I_131, "Ward linen")
    derogated(ward, linen)
    measured(ward, ward.at(-7 * 24), bags.released, BACKGROUND)
    released(ward, bags.released)
    measured(ward, ward.at(-6.5 * 24), bags.ready, BACKGROUND)
    taken_over(ward)


def released(ward: Ward, bag: int) -> None:
    """The safety officer signs that a bag is ordinary waste now."""
    at = ward.at(-7 * 24)
    command = ReleaseContainer(outgoing=_clinical(), signature=ward.signing("safety_officer", at))
    ward.do("safety_officer", at, lambda act: releasing.release(act, bag, command))


def derogated(ward: Ward, bag: int) -> None:
    """A bag leaves though it has not decayed; derogator and safety officer sign."""
    at = ward.at(-10 * 24)
    command = DerogateContainer(
        outgoing=_clinical(),
        reason="Infectious and leaking; burnt at once with the authority's leave by telephone",
        signature=ward.signing("derogator", at),
        officer=ward.signing("safety_officer", at),
    )
    ward.do("derogator", at, lambda act: derogating.derogate(act, bag, command))


def handed_over(ward: Ward, bag: int) -> None:
    """What no decay in storage can clear goes to who is licensed for it."""
    papers = Papers(
        consignment="2026/3",
        documents="CMR 104-771, dangerous goods note 18",
        handed_over_by="Sol Ferrer",
        received_by="J. Prats, driver",
    )
    to = HandOver(
        recipient="National waste store",
        licence_number="RW-0031",
        reason="Lu-177m",
        papers=papers,
    )
    at = ward.at(-40 * 24)
    ward.do("safety_officer", at, lambda act: leaving.transfer(act, bag, to))


def taken_over(ward: Ward) -> None:
    """Two lines of the paper register from before this program, one with most of it missing."""
    why = "Taken over from the paper register"
    ward.do("safety_officer", ward.at(-6 * 24), lambda act: historic.enter(act, FROM_THE_BOOK, why))


def _clinical() -> Outgoing:
    return Outgoing(
        destination="Ordinary clinical waste",
        labels_defaced=True,
        route="Clinical waste, yellow bin",
        biohazard="none",
    )
