"""Releasing a container, alone or with others: the commands, and what stands in the way."""

from collections.abc import Collection
from dataclasses import dataclass

from radiopharm.core.leaving import Departure, Outgoing, already_left, not_safety_officer
from radiopharm.core.refusals import Refusal, Rule, run
from radiopharm.core.release import Check
from radiopharm.core.signing import Signing
from radiopharm.core.verdicts import of_leg


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseContainer:
    """A release as asked for; without a pack the site's choice decides.

    `signature` is the safety officer's, `releaser` that of whoever carried it out beside them.
    """

    outgoing: Outgoing
    signature: Signing
    releaser: Signing | None = None
    pack: str | None = None
    after_sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """A container ticked on a list; `after_sequence` is what was seen of it, if that was said."""

    container_id: int
    after_sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseTogether:
    """Several releases in one act of signing, each by its own full check."""

    containers: tuple[Ticked, ...]
    outgoing: Outgoing
    signature: Signing
    releaser: Signing | None = None
    pack: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release somebody wants to sign: the check it rests on and what they confirm."""

    check: Check
    departure: Departure | None
    labels_defaced: bool
    roles: Collection[str]
    two_people: bool = False
    has_releaser: bool = False


def release_refusals(release: Release) -> tuple[Refusal, ...]:
    """Everything that stands in the way of *release*; every leg that has not passed is one."""
    return run(RELEASE_RULES, release) + tuple(
        of_leg(leg) for leg in release.check.legs if leg.passed is not True
    )


def labels_not_defaced(release: Release) -> Refusal | None:
    """10 CFR 35.92(a)(2): radiation labels are removed or obliterated before disposal."""
    if release.labels_defaced:
        return None
    return Refusal(
        code="labels_not_defaced",
        message="Remove or deface every radiation label, then confirm it.",
        field="labels_defaced",
    )


def no_releaser(release: Release) -> Refusal | None:
    if release.has_releaser or not release.two_people:
        return None
    return Refusal(
        code="no_releaser",
        message="Two people sign here: whoever carries it out, and a safety officer.",
        field="releaser.username",
    )


RELEASE_RULES: tuple[Rule[Release], ...] = (
    already_left,
    not_safety_officer,
    labels_not_defaced,
    no_releaser,
)
