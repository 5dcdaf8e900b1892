"""Decay as SQL expressions, for many rows at once; `core.chains` is the same for one.

PostgreSQL raises where exp() would underflow, so an exponent below `LOWEST_EXPONENT` is never
computed: what is gone is 0, as in the core. A test holds the two equal to 1e-12.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from radiopharm.core.chains import LOWEST_EXPONENT
from radiopharm.core.decay import LN2
from radiopharm.core.nuclides import NuclearData

Number = sa.ColumnElement[float]


class Elapsed(FunctionElement[float]):
    """Seconds from one instant to another, negative when the second is the earlier."""

    name = "elapsed"
    type = sa.Double()
    inherit_cache = True


def elapsed_s(earlier: sa.ColumnElement[datetime], later: sa.ColumnElement[datetime]) -> Number:
    """Seconds from *earlier* to *later*."""
    return Elapsed(earlier, later)


def remaining(half_life_s: sa.ColumnElement[float], elapsed: Number) -> Number:
    """The fraction left after *elapsed*, exp(−ln2 Δt/T½)."""
    exponent = -LN2 * elapsed / half_life_s
    return sa.case((exponent < LOWEST_EXPONENT, 0.0), else_=sa.func.exp(exponent, type_=sa.Double))


def ingrown(
    parent_s: sa.ColumnElement[float], daughter_s: sa.ColumnElement[float], elapsed: Number
) -> Number:
    """Bateman's daughter per becquerel of its parent at the start, branch not counted.

    (e^−λp·t − e^−λd·t)·λd/(λd − λp) with the half-lives for the rates: T_p/(T_p − T_d). The
    half-lives must differ; what cancels at short times is small beside the daughter's own share.
    """
    difference = remaining(parent_s, elapsed) - remaining(daughter_s, elapsed)
    return difference * (parent_s / (parent_s - daughter_s))


def feeds(data_sets: Iterable[NuclearData]) -> sa.CTE:
    """Which nuclide feeds which, with which fraction of its decays, in each data set."""
    branches = [row for data in data_sets for row in _branches(data)]
    return sa.union_all(*(sa.select(*row) for row in branches)).cte("feeds", nesting=True)


def _branches(data: NuclearData) -> Iterator[tuple[sa.ColumnElement[Any], ...]]:
    for parent in data.nuclides.values():
        for branch in parent.branches:
            if not branch.is_stable:
                yield (
                    sa.literal(data.name).label("data_set"),
                    sa.literal(parent.symbol).label("parent"),
                    sa.literal(branch.daughter).label("daughter"),
                    sa.literal(branch.fraction, sa.Double).label("fraction"),
                    sa.literal(data.get(branch.daughter).half_life_s, sa.Double).label(
                        "half_life_s"
                    ),
                )


@compiles(Elapsed, "sqlite")
def _of_microseconds(element: Elapsed, compiler: Any, **options: Any) -> str:
    earlier, later = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(({later} - {earlier}) / 1000000.0)"


@compiles(Elapsed, "postgresql")
def _of_timestamps(element: Elapsed, compiler: Any, **options: Any) -> str:
    earlier, later = (compiler.process(clause, **options) for clause in element.clauses)
    return f"date_part('epoch', {later} - {earlier})"
