"""Many containers as columns of numbers, for passes that judge them all at once.

Instants are microseconds since 1970. A composition is what legs of half-lives judge: the declared
nuclides with their half-lives, and the conditions of the licence; a strain is what decays alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from radiopharm.core.modes import Strain
from radiopharm.core.verdicts import DAY_S
from radiopharm.core.waste import Container, PutIn

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER_US = 2**62


@dataclass(slots=True)
class Columns:
    """By container, by item and by portion; an empty container's last item is never."""

    last_us: list[int] = field(default_factory=list)
    sealed_us: list[int] = field(default_factory=list)
    mass_g: list[int] = field(default_factory=list)
    volume_ml: list[int] = field(default_factory=list)
    is_surveyed: list[bool] = field(default_factory=list)
    composition: list[int] = field(default_factory=list)
    container_of_item: list[int] = field(default_factory=list)
    articles_of_item: list[int] = field(default_factory=list)
    item_of_portion: list[int] = field(default_factory=list)
    strain_of_portion: list[int] = field(default_factory=list)
    put_in_us: list[int] = field(default_factory=list)
    activity_bq: list[int] = field(default_factory=list)
    strains: dict[Strain, int] = field(default_factory=dict)
    compositions: dict[object, int] = field(default_factory=dict)
    first_of_composition: list[int] = field(default_factory=list)


def columns(containers: Iterable[Container]) -> Columns:
    """The columns of *containers*, in their order; mass and volume 0 where not known."""
    found = Columns()
    for n, container in enumerate(containers):
        for item in container.items:
            _add_item(found, n, item)
        put_in = [microseconds(item.put_in_at) for item in container.items]
        sealed_at = container.sealed_at
        found.last_us.append(max(put_in, default=NEVER_US))
        found.sealed_us.append(microseconds(sealed_at) if sealed_at else -NEVER_US)
        found.mass_g.append(container.mass_g or 0)
        found.volume_ml.append(container.volume_ml or 0)
        found.is_surveyed.append(bool(container.surveys))
        found.composition.append(_composition(found, n, container))
    return found


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970 of an aware instant."""
    away = at - EPOCH
    return (away.days * DAY_S + away.seconds) * 1_000_000 + away.microseconds


def _add_item(found: Columns, container: int, item: PutIn) -> None:
    half_lives = frozenset((each.symbol, each.half_life_s) for each in item.portions)
    put_in_us = microseconds(item.put_in_at)
    for portion in item.portions:
        strain = Strain(portion.symbol, half_lives)
        found.strain_of_portion.append(found.strains.setdefault(strain, len(found.strains)))
        found.item_of_portion.append(len(found.container_of_item))
        found.put_in_us.append(put_in_us)
        found.activity_bq.append(portion.activity_bq)
    found.container_of_item.append(container)
    found.articles_of_item.append(item.counts_as)


def _composition(found: Columns, n: int, container: Container) -> int:
    declared = frozenset((p.symbol, p.half_life_s) for i in container.items for p in i.portions)
    known = len(found.compositions)
    number = found.compositions.setdefault((declared, container.licence_conditions), known)
    if number == known:
        found.first_of_composition.append(n)
    return number
