"""A decay chain as a sum of exponentials: quick for many, and it says how far to trust it.

Bateman's sum subtracts nearly equal numbers at short times, so each coefficient comes with the size
of what was added up for it: a sum is as good as 1e-12 of that. `core.chains` has no such weakness,
and decides wherever it would matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from radiopharm.core.decay import LN2
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.rule_packs import LegRule

ERROR = 1e-12
TOO_NEAR = 1e-6  # rates so alike that their difference has too few digits left


@dataclass(frozen=True, slots=True)
class Strain:
    """A declared nuclide with the half-lives that its item keeps."""

    symbol: str
    half_lives: frozenset[tuple[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """Σ c·e^(−λt) of a becquerel of a strain at zero: rates per second, coefficients, their sizes.

    `is_missing` says that a nuclide of it has no limit.
    """

    rates: tuple[float, ...]
    coefficients: tuple[float, ...]
    sizes: tuple[float, ...]
    is_missing: bool = False


def modes(strain: Strain, data: NuclearData, rule: LegRule | None) -> Modes | None:
    """What *rule* adds up of a strain: fractions of its table's limits, or becquerels.

    Without a rule every member counts as it is. None where two rates are too near each other.
    """
    for symbol, half_life_s in strain.half_lives:
        data = data.with_half_life(symbol, half_life_s, "", "")
    members = data.chain(strain.symbol)
    rates = tuple(LN2 / data.get(symbol).half_life_s for symbol in members)
    rows = _bateman(members, rates, data)
    weights, is_missing = _weights(members, strain, data, rule)
    if rows is None:
        return None
    return Modes(
        rates=rates,
        coefficients=_weighed(weights, [row for row, _ in rows]),
        sizes=_weighed(weights, [sizes for _, sizes in rows]),
        is_missing=is_missing,
    )


Rows = list[tuple[list[float], list[float]]]


def _bateman(members: Sequence[str], rates: Sequence[float], data: NuclearData) -> Rows | None:
    """Of each member its coefficients on every mode, and their sizes; parents come first."""
    rows: Rows = [([1.0], [1.0])]
    for j in range(1, len(members)):
        row, sizes = [0.0] * j, [0.0] * j
        for i, fraction in _fed_by(members[j], members[:j], data):
            for k, (coefficient, size) in enumerate(zip(*rows[i], strict=True)):
                away = rates[j] - rates[k]
                if abs(away) < TOO_NEAR * rates[j]:
                    return None
                row[k] += rates[j] * fraction * coefficient / away
                sizes[k] += rates[j] * fraction * size / abs(away)
        rows.append(([*row, -sum(row)], [*sizes, sum(sizes)]))
    return rows


def _fed_by(symbol: str, parents: Sequence[str], data: NuclearData) -> list[tuple[int, float]]:
    return [
        (i, branch.fraction)
        for i, parent in enumerate(parents)
        for branch in data.get(parent).branches
        if branch.daughter == symbol
    ]


def _weights(
    members: Sequence[str], strain: Strain, data: NuclearData, rule: LegRule | None
) -> tuple[list[float], bool]:
    """A member's weight: one over its limit; none if a "+" covers it or it has no limit."""
    if rule is None or rule.table is None:
        return [1.0] * len(members), False
    covered = rule.table.covers.get(strain.symbol, frozenset())
    limits = [None if s in covered else rule.table.of(s, data) for s in members]
    lacking = [
        s for s, found in zip(members, limits, strict=True) if not found and s not in covered
    ]
    return [1 / float(found.value) if found else 0.0 for found in limits], bool(lacking)


def _weighed(weights: Sequence[float], rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The modes of all members together; a row ends at its own mode."""
    return tuple(
        sum(weight * row[k] for weight, row in zip(weights, rows, strict=True) if k < len(row))
        for k in range(len(rows))
    )
