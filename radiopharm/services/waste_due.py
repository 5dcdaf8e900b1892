"""What may leave now, what this week, and what stands in the way of the rest: counted and sifted.

All containers that are here are judged in one pass; the week is the site's own, Monday to Sunday.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from radiopharm.core.checking import RulesInForce
from radiopharm.core.local_time import week_ends_at
from radiopharm.core.people import Site
from radiopharm.core.reference import Reference
from radiopharm.core.states import ContainerState
from radiopharm.core.waste import Container, LicenceCondition
from radiopharm.services.bulk_checks import PASSED, Batch, Verdicts
from radiopharm.services.rule_packs import in_force
from radiopharm.store import Connection, waste_facts, waste_lists
from radiopharm.store.waste_lists import HERE, Filters

CHUNK = 500
MICROSECOND = timedelta(microseconds=1)


class Due(StrEnum):
    """When a container may leave: now, this week if what is measured then allows it, or later."""

    RELEASABLE = "releasable"
    THIS_WEEK = "this_week"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """How many containers a leg stands in the way of."""

    code: str
    kind: str
    containers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many of what is here are due when; the leg that is most often in the way comes first."""

    at: datetime
    week_ends_at: datetime
    rules: RulesInForce
    due: dict[Due, int]
    blocked_by: tuple[Blocked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """Containers sifted at an instant by the rules in force then."""

    reference: Reference
    rules: RulesInForce
    at: datetime
    week_ends_at: datetime

    def sifted(self, facts: Sequence[Container]) -> tuple[list[Due], Verdicts]:
        """When each is due, and every leg of each."""
        batch = Batch(facts, self.rules.pack, self.reference.default_nuclear_data)
        verdicts = batch.at(self.at)
        in_time = batch.at(self.week_ends_at - MICROSECOND).waited
        due = [
            Due.RELEASABLE if now else Due.THIS_WEEK if soon else Due.LATER
            for now, soon in zip(verdicts.releasable, in_time, strict=True)
        ]
        return due, verdicts

    def matching(
        self, facts: Mapping[int, Container], due: Due | None, blocked_by: str | None
    ) -> list[int]:
        """The ids of those due then, and that the leg of that code stands in the way of."""
        when, verdicts = self.sifted(list(facts.values()))
        return [
            container_id
            for n, container_id in enumerate(facts)
            if (due is None or when[n] is due)
            and (blocked_by is None or verdicts.blocks(blocked_by, n))
        ]


def sieve(db: Connection, reference: Reference, site: Site, at: datetime) -> Sieve:
    """The site's rules at *at*, and its week."""
    rules = in_force(db, reference, site.id, at)
    ends_at = week_ends_at(at, ZoneInfo(site.zone))
    return Sieve(reference=reference, rules=rules, at=at, week_ends_at=ends_at)


def narrowed(
    asked: str, blocked_by: str | None, otherwise: frozenset[ContainerState]
) -> tuple[frozenset[ContainerState], Due | None]:
    """The states and the due that a list asks for in one word; what is judged must be here."""
    if asked in set(Due):
        return HERE, Due(asked)
    if asked in set(ContainerState):
        return frozenset({ContainerState(asked)}), None
    return HERE if blocked_by else otherwise, None


def standing(db: Connection, reference: Reference, site: Site, at: datetime) -> Standing:
    """The counts over everything that is here at *at*."""
    sift = sieve(db, reference, site, at)
    due, blocked = dict.fromkeys(Due, 0), dict[tuple[str, str], int]()
    for facts in chunks(db, site.id, at, Filters(states=HERE), sift.rules.conditions):
        when, verdicts = sift.sifted(list(facts.values()))
        for each in when:
            due[each] += 1
        for leg, answers in zip(verdicts.legs, verdicts.answers, strict=True):
            blocked[leg] = blocked.get(leg, 0) + int((answers != PASSED).sum())
    return Standing(
        at=at,
        week_ends_at=sift.week_ends_at,
        rules=sift.rules,
        due=due,
        blocked_by=tuple(
            Blocked(code=code, kind=kind, containers=n)
            for (code, kind), n in sorted(blocked.items(), key=lambda each: -each[1])
            if n
        ),
    )


def chunks(
    db: Connection,
    site_id: int,
    at: datetime,
    filters: Filters,
    conditions: Sequence[LicenceCondition],
    after: int = 0,
) -> Iterator[dict[int, Container]]:
    """The facts of the containers that fit, by id in its order, not all in memory at once."""
    more = True
    while more:
        ids, more = waste_lists.page(db, site_id, at, filters, after, CHUNK)
        if ids:
            after = ids[-1]
            yield waste_facts.of(db, ids, conditions)
