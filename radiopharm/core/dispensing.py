"""Dispensing: what a dose is drawn from, its three activities at one common instant, its rules.

Prescribed, calculated and measured are compared at the instant at which the dose is to be given.
The calculated activity is the drawn share of each vial's book carried there; the reading is carried
by the same decay and stays on the dose: it is compared, never posted.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from radiopharm.core import vials
from radiopharm.core.directives import Directive, DirectiveVersion
from radiopharm.core.doses import Dose
from radiopharm.core.instruments import Instrument
from radiopharm.core.intervals import Planned
from radiopharm.core.ledger import Amount, share
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.products import Product
from radiopharm.core.readings import Measured, ReadingId
from radiopharm.core.refusals import Refusal
from radiopharm.core.vials import Vial


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawWish:
    """So much of that vial, as its author saw it; no volume means all that is held."""

    vial_id: int
    after_sequence: int
    volume_ul: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DispenseDose:
    """A dose as the bench states it.

    `measured` is what was typed, or which device reading says it. `administer_at` is the common
    instant (None: as the directive plans), `pieces` a count of capsules. `already_drawn` says that
    it has happened: then it is recorded whatever the plan's rules say, with a reason and a second
    person.
    """

    directive_id: int
    draws: tuple[DrawWish, ...]
    measured: Measured | ReadingId
    administer_at: datetime | None = None
    pieces: int | None = None
    reason: str = ""
    already_drawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One vial with what is wished of it, or what a returned dose had `drawn` of it already."""

    vial: Vial
    product: Product
    data: NuclearData
    wish: DrawWish
    drawn: Amount | None = None

    @property
    def volume_ul(self) -> int:
        """The volume to draw; all that is held when none is named."""
        held = self.vial.ledger.balance.volume_ul
        return held if self.wish.volume_ul is None else self.wish.volume_ul

    @property
    def is_enough(self) -> bool:
        """Whether the vial holds that much, and anything at all; what is drawn is enough."""
        return self.drawn is not None or 0 < self.volume_ul <= self.vial.ledger.balance.volume_ul

    @property
    def share(self) -> Amount:
        """What the draw takes with it; of a vial that holds too little, all it holds."""
        if self.drawn is not None:
            return self.drawn
        balance = self.vial.ledger.balance
        if balance.volume_ul == 0:
            return balance
        return share(balance, min(self.volume_ul, balance.volume_ul))

    def activity_at(self, at: datetime) -> float:
        """The principal nuclide's activity (Bq) of the share at an instant."""
        return vials.activity(self.vial, self.share, at, self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything the rules look at; `measured` is what the command says or refers to.

    `returned` is the dose that this one is made of, where nothing is drawn anew; `others` are the
    patient's other live directives; `unfit` is why the instrument must not be used, by its checks.
    """

    command: DispenseDose
    measured: Measured
    directive: Directive
    product: Product
    sources: tuple[Source, ...]
    instrument: Instrument | None
    has_second: bool
    now: datetime
    returned: Dose | None = None
    others: tuple[Planned, ...] = ()
    has_second_reading: bool = False
    unfit: tuple[Refusal, ...] = ()

    @property
    def version(self) -> DirectiveVersion:
        """The version dispensed against: the signed one, or the newest where nothing is signed."""
        return self.directive.signed or self.directive.newest

    @property
    def administer_at(self) -> datetime:
        """The common instant at which the three activities are compared."""
        return self.command.administer_at or self.version.planned_for

    @property
    def figures(self) -> "Figures":
        """The three activities at that instant."""
        return figures(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Prescribed, calculated and measured activity (Bq) at one common instant `at`."""

    at: datetime
    prescribed_bq: int
    calculated_bq: float
    measured_bq: float

    @property
    def deviation(self) -> Fraction:
        """(measured − prescribed) / prescribed, exact on the figures compared."""
        return Fraction(self.measured_bq) / self.prescribed_bq - 1

    @property
    def calculated_deviation(self) -> Fraction:
        """(calculated − prescribed) / prescribed."""
        return Fraction(self.calculated_bq) / self.prescribed_bq - 1

    @property
    def measured_to_calculated(self) -> Fraction | None:
        """measured / calculated − 1; None where nothing is calculated."""
        if not self.calculated_bq:
            return None
        return Fraction(self.measured_bq) / Fraction(self.calculated_bq) - 1


def figures(situation: Situation) -> Figures:
    """The three activities; the reading is carried by the decay of what was drawn."""
    at, measured = situation.administer_at, situation.measured
    then = sum(source.activity_at(at) for source in situation.sources)
    when_measured = sum(source.activity_at(measured.at) for source in situation.sources)
    carried = then / when_measured if when_measured else 1.0
    return Figures(
        at=at,
        prescribed_bq=situation.version.prescribed_bq,
        calculated_bq=then,
        measured_bq=measured.bq * carried,
    )


def read_as_calculated(situation: Situation) -> Situation:
    """The same with the reading that the calculation promises for now: is the plan allowed?"""
    promised = sum(source.activity_at(situation.now) for source in situation.sources)
    measured = replace(situation.measured, bq=round(promised), at=situation.now)
    return replace(situation, measured=measured)
