"""A dose as far as it is typed: what to draw for it, its verdict, and what is in the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from radiopharm.core import dispensing_rules as rules
from radiopharm.core import draw_plan, drawing
from radiopharm.core.directives import Directive, DirectiveVersion
from radiopharm.core.dispensing import DrawWish, Situation, Source
from radiopharm.core.dose_tolerance import limits, meets_event_percentage, near_miss
from radiopharm.core.presence import Presence
from radiopharm.core.products import Product
from radiopharm.core.reading_verdict import Verdict, verdict
from radiopharm.core.readings import TakenReading
from radiopharm.core.refusals import Refusal
from radiopharm.core.vials import Vial

WRONG = "wrong_product"
TO_DO = (
    "instrument",
    "reason",
    "second_person",
    "kept_for_another",
    "outside_range",
    "deviation_needs_reason",
    "deviation_needs_second_person",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A dose as far as it is typed.

    `planned` is what to draw at best, `situation` what is typed (as planned where it is not yet),
    None where no vial is named or there is no figure at the time; `others` may be drawn from too.
    `in_part` is the second choice where whole vials come to too much, `takes_part` that it is made.
    """

    directive: Directive
    product: Product
    at: datetime
    now: datetime
    planned: tuple[Source, ...]
    others: tuple[Vial, ...]
    situation: Situation | None
    is_measured: bool
    reading: TakenReading | None
    refusals: tuple[Refusal, ...]
    errors: Mapping[str, list[str]]
    wishes: tuple[DrawWish, ...]
    in_use: Sequence[Presence]
    in_part: tuple[Source, ...]
    takes_part: bool

    @property
    def version(self) -> DirectiveVersion:
        """The version shown."""
        return self.directive.newest

    @property
    def draw_now_bq(self) -> float:
        """The activity (Bq) to draw now."""
        return sum(source.activity_at(self.now) for source in self._drawn)

    @property
    def given_bq(self) -> float:
        """What that will be (Bq) when it is given."""
        return sum(source.activity_at(self.at) for source in self._drawn)

    @property
    def limits_now_bq(self) -> tuple[Fraction, Fraction] | None:
        """The prescription's limits (Bq) now: its range, else −10 % and +10 %."""
        if not self.given_bq:
            return None
        version = self.version
        carried = Fraction(self.draw_now_bq) / Fraction(self.given_bq)
        if version.lowest_bq is not None and version.highest_bq is not None:
            return version.lowest_bq * carried, version.highest_bq * carried
        low = version.prescribed_bq * (1 - drawing.TOLERANCE)
        high = version.prescribed_bq * (1 + drawing.TOLERANCE)
        return low * carried, high * carried

    @property
    def whole_is_over(self) -> Fraction | None:
        """By how much whole vials, planned as such, exceed the prescription and its tolerance."""
        _, most = limits(self.version, self.product)
        if not self.product.is_whole_vial or most is None or self.given_bq <= most:
            return None
        return Fraction(self.given_bq) / self.version.prescribed_bq - 1

    @property
    def typed_otherwise(self) -> list[tuple[Source, Source]]:
        """Each draw typed with another volume than is planned, beside its plan."""
        typed = {each.vial.id: each for each in self.situation.sources} if self.situation else {}
        pairs = ((typed.get(plan.vial.id, plan), plan) for plan in self.planned)
        return [(each, plan) for each, plan in pairs if each.volume_ul != plan.volume_ul]

    @property
    def missing_bq(self) -> float:
        """What the vials named cannot give of the prescription, in Bq at the planned time."""
        return draw_plan.missing_bq(self._drawn, self.version.prescribed_bq, self.at)

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on the reading; None before there is one."""
        return verdict(self.situation) if self.situation and self.is_measured else None

    @property
    def wrong_products(self) -> list[Refusal]:
        """Vials that are something else; while there is one, no figure to draw is shown."""
        return [each for each in self.refusals if each.code == WRONG]

    @property
    def stops(self) -> list[Refusal]:
        """What else cannot be helped on this page."""
        return [each for each in self.refusals if each.code not in (*TO_DO, WRONG)]

    @property
    def to_do(self) -> list[Refusal]:
        """What is still to be filled in here."""
        return [each for each in self.refusals if each.code in TO_DO]

    @property
    def overridden(self) -> tuple[Refusal, ...]:
        """Rules of the plan that a dose already drawn has broken; they are recorded with it."""
        late = self.situation is not None and self.situation.command.already_drawn
        return rules.overridden(self.situation) if self.situation and late else ()

    @property
    def meets_event_percentage(self) -> bool:
        """Whether the reading is as far off as reportable events are."""
        return bool(self.situation) and meets_event_percentage(self.situation.figures.deviation)

    @property
    def near_miss(self) -> str | None:
        """That the reading looks like a slip of unit or decimal point."""
        return near_miss(self.situation) if self.situation and self.is_measured else None

    def seen(self, vial_id: int) -> int:
        """The newest entry of a vial that this page was made with."""
        return next((w.after_sequence for w in self.wishes if w.vial_id == vial_id), 0)

    @property
    def moved(self) -> list[Vial]:
        """Vials that somebody else has drawn from, or changed, since this page was made."""
        named = (source.vial for source in self.planned)
        return [vial for vial in named if self.seen(vial.id) not in (0, vial.ledger.sequence)]

    @property
    def is_signable(self) -> bool:
        """Whether there is a whole dose to put before a signer, and nothing stands in its way."""
        volumes_said = all(wish.volume_ul for wish in self.wishes)
        in_the_way = self.refusals or self.errors or self.moved
        return bool(self.situation and self.is_measured and volumes_said and not in_the_way)

    @property
    def _drawn(self) -> list[Source]:
        return [source for source in self.planned if source.volume_ul]
