"""The release check of a container of the register: the rules in force, and that it is still here.

What `core.release` says of the contents, with a leg more for what only the register knows.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from radiopharm.core import formatting as fmt
from radiopharm.core.containers import Measurement, WasteContainer
from radiopharm.core.doubts import Doubt, doubts
from radiopharm.core.figures import Status
from radiopharm.core.legs import seal_leg
from radiopharm.core.limit_tables import LimitTable
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reading_legs import latest_survey
from radiopharm.core.release import Check, release_check
from radiopharm.core.rule_packs import RulePack
from radiopharm.core.states import ContainerState, container_state
from radiopharm.core.verdicts import Leg
from radiopharm.core.waste import Container, LicenceCondition, contents, ignoring

TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInForce:
    """A site's rules at an instant; `pack` None where it has not chosen one.

    `signers` is how many people the site wants under a release; `exempt` has the activities above
    which a reading at background is not what one would expect.
    """

    pack: RulePack | None
    conditions: tuple[LicenceCondition, ...] = ()
    signers: int = 1
    exempt: LimitTable | None = None

    @property
    def two_people(self) -> bool:
        """Whether pack or site wants two different people to sign a release."""
        return self.signers == TWO or (self.pack is not None and self.pack.two_people)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerAt:
    """A container at an instant: its state, what is in it, and whether it may be released."""

    container: WasteContainer
    at: datetime
    state: ContainerState
    rules: RulesInForce
    check: Check
    doubts: tuple[Doubt, ...] = ()

    @property
    def contents_bq(self) -> dict[str, float]:
        """Becquerels of every radioactive nuclide, progeny included, the most active first."""
        found = self.check.contents_bq
        return dict(sorted(found.items(), key=lambda each: -each[1]))

    @property
    def activity_bq(self) -> float:
        """Everything in it together."""
        return sum(self.check.contents_bq.values())

    def wait_of(self, check: Check) -> timedelta | None:
        """From the last item to the earliest instant of *check*, this one's or a what-if."""
        items = self.container.items
        if check.earliest_at is None or not items:
            return None
        return check.earliest_at - max(item.put_in.put_in_at for item in items)

    @property
    def reading(self) -> Measurement | None:
        """The measurement that counts now; None before the first since the seal."""
        survey = latest_survey(self.container.facts(), self.at)
        made = self.container.measurements
        return next((each for each in made if each.survey is survey), None)

    @property
    def blocking(self) -> tuple[Leg, ...]:
        """The legs that stand in the way."""
        return tuple(leg for leg in self.check.legs if leg.passed is not True)

    @property
    def is_past_waiting(self) -> bool:
        """Whether all that time can bring has come, and only `awaited` is in the way."""
        earliest = self.check.earliest_at
        return not self.check.releasable and earliest is not None and earliest <= self.at

    @property
    def awaited(self) -> tuple[str, ...]:
        """What no waiting brings: the seal, a reading, a decision."""
        words = (_AWAITED.get((leg.kind, leg.passed)) for leg in self.blocking)
        return tuple(dict.fromkeys(word for word in words if word))


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The check as it would be without some nuclides; for comparison, no decision rests on it."""

    nuclides: tuple[str, ...]
    check: Check


def seen(
    container: WasteContainer, at: datetime, rules: RulesInForce, data: NuclearData
) -> ContainerAt:
    """*container* at *at* (aware, UTC), judged by *rules*."""
    check = _check(container.facts(rules.conditions), at, rules, data)
    is_here = container.departure is None
    return ContainerAt(
        container=container,
        at=at,
        state=container_state(container, at),
        rules=rules,
        check=_still_here(container, at, check),
        doubts=doubts(check, rules.exempt, data) if is_here and rules.exempt else (),
    )


def without_impurities(seen: ContainerAt, data: NuclearData) -> WhatIf | None:
    """What would come out had nothing but the principal nuclides gone in.

    None where there is no impurity, where it changes neither the verdict nor the instant, and
    for what has left.
    """
    container, at, rules = seen.container, seen.at, seen.rules
    facts = container.facts(rules.conditions)
    impurities = {portion.symbol for portion in facts.nuclides} - container.principals
    if not impurities or container.departure is not None:
        return None
    real, ideal = seen.check, _check(ignoring(facts, impurities), at, rules, data)
    if (real.releasable, real.earliest_at) == (ideal.releasable, ideal.earliest_at):
        return None
    return WhatIf(nuclides=tuple(sorted(impurities)), check=ideal)


def _check(facts: Container, at: datetime, rules: RulesInForce, data: NuclearData) -> Check:
    if rules.pack is not None:
        return release_check(facts, rules.pack, at, data)
    return Check(
        releasable=False,
        earliest_at=None,
        governing=_NO_PACK.code,
        legs=(seal_leg(facts, at), _NO_PACK),
        contents_bq=contents(facts, at, data),
    )


def _still_here(container: WasteContainer, at: datetime, check: Check) -> Check:
    left = container.departure
    if left is None or at < left.left_at:
        return check
    leg = replace(
        _HERE, message=f"It was {left.way} on {fmt.instant(left.left_at, UTC)}.", value=left.way
    )
    return replace(check, releasable=False, earliest_at=None, governing=leg.code, legs=(leg,))


_AWAITED = {
    ("sealed", None): "sealing",
    ("survey", None): "a reading",
    ("survey", False): "a lower reading",
    ("dose_rate", None): "a reading",
    ("dose_rate", False): "a lower reading",
    ("authority_decision", None): "the authority's decision",
    ("authority_decision", False): "the authority's decision",
}
_HERE = Leg(
    code="here",
    kind="here",
    passed=False,
    value="",
    limit="here",
    operator="=",
    clause="a container leaves once",
    source="house rule",
    status=Status.VERIFIED,
    message="",
)
_NO_PACK = Leg(
    code="rule_pack",
    kind="rule_pack",
    passed=None,
    value="none chosen",
    limit="a pack chosen",
    operator="=",
    clause="a site's safety officer chooses its rule pack and signs the choice",
    source="house rule",
    status=Status.VERIFIED,
    message="Choose a rule pack: nothing is released by rules nobody has signed.",
)
