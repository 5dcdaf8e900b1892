"""Whether a container may be released under a rule pack: every leg, and when the last one holds.

The one function that the page's checklist, the API's check and the release itself run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.legs import judge, seal_leg
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.rule_packs import RulePack
from radiopharm.core.verdicts import Leg, last_to_hold
from radiopharm.core.waste import Container, contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The answer of `release_check`.

    `earliest_at` is the first instant from which the seal and every leg that depends on time hold
    for good, and `governing` the code of the leg that holds last. It is None when that is never or
    cannot be said yet; `governing` then names the leg that stands in the way, and `computable_at`
    is the same instant for those legs that can be computed (None where no rule can, or one never
    holds). They say when to measure and are no permission: only `releasable` is.
    """

    releasable: bool
    earliest_at: datetime | None
    governing: str
    legs: tuple[Leg, ...]
    contents_bq: Mapping[str, float]
    computable_at: datetime | None = None


def release_check(container: Container, pack: RulePack, at: datetime, data: NuclearData) -> Check:
    """Judge *container* at *at* (aware, UTC) by every leg of *pack*, and by its seal.

    Releasable only when every leg has passed; a leg that cannot be computed has not.
    """
    rules = (judge(rule, container, at, data) for rule in pack.legs)
    legs = (seal_leg(container, at), *rules)
    timed = [leg for leg in legs if leg.waits or leg.earliest_at]
    computable = [leg for leg in timed if leg.earliest_at or leg.passed is not None]
    of_rules = len(computable) > 1  # not the seal alone
    last = last_to_hold(timed)
    return Check(
        releasable=all(leg.passed is True for leg in legs),
        earliest_at=last.earliest_at,
        governing=last.code,
        legs=legs,
        contents_bq=contents(container, at, data),
        computable_at=last_to_hold(computable).earliest_at if of_rules else None,
    )
