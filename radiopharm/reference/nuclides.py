"""Reads `nuclides.toml`: named data sets, each complete in itself or openly leaning on another."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from radiopharm.core.durations import parse_half_life
from radiopharm.core.figures import Status
from radiopharm.core.nuclides import Branch, NuclearData, Nuclide, canonical
from radiopharm.reference.toml_tables import Table

MOST_OF_ALL_BRANCHES = 1.0001  # fractions are printed to about five figures

Sets = dict[str, NuclearData]


def read_nuclear_data(path: Path) -> tuple[str, MappingProxyType[str, NuclearData]]:
    """The name of the default set, and all sets by name; a set may lean on those above it."""
    sets: Sets = {}
    with Table.of_file(path).reading() as file:
        default = file.take("default", str)
        for name, table in file.tables():
            sets[name] = _data_set(name, table, sets)
        if default not in sets:
            raise ValueError(f"the default data set {default} is not in the file")
    return default, MappingProxyType(sets)


def _data_set(name: str, table: Table, above: Sets) -> NuclearData:
    with table.reading():
        data = NuclearData(
            name=name,
            source=table.take("source", str),
            edition=table.take("edition", str),
            nuclides={},
        )
        status = Status(table.take("status", str))
        stable = frozenset(table.take("stable", list))
        rows = table.table("nuclides")
        if rows is None:
            raise ValueError("nuclides is missing")
        nuclides = {
            symbol: _nuclide(symbol, row, data, status, stable, above)
            for symbol, row in rows.tables()
        }
        _require_complete(nuclides)
        return replace(data, nuclides=MappingProxyType(nuclides))


def _nuclide(
    symbol: str, row: Table, data: NuclearData, status: Status, stable: frozenset[str], above: Sets
) -> Nuclide:
    with row.reading():
        if canonical(symbol) != symbol:
            raise ValueError(f"is written {canonical(symbol)}")
        if lender := row.take_if_there("falls_back_to", str):
            return _borrowed(symbol, lender, above)
        text = row.take("half_life", str)
        half_life_s, uncertainty_s = parse_half_life(text)
        lender = row.take_if_there("branches_from", str)
        return Nuclide(
            symbol=symbol,
            half_life_s=half_life_s,
            half_life_text=text,
            half_life_uncertainty_s=uncertainty_s,
            branches=(
                _borrowed(symbol, lender, above).branches if lender else _branches(row, stable)
            ),
            branches_from=lender or data.name,
            data_set=data.name,
            source=data.source,
            edition=data.edition,
            status=status,
        )


def _borrowed(symbol: str, lender: str, above: Sets) -> Nuclide:
    if lender not in above:
        raise ValueError(f"borrows from {lender}, which is no data set above it")
    return above[lender].get(symbol)


def _branches(row: Table, stable: frozenset[str]) -> tuple[Branch, ...]:
    branches = tuple(_branch(branch, stable) for branch in row.rows("branches"))
    if not branches:
        raise ValueError("branches is missing")
    if sum(branch.fraction for branch in branches) > MOST_OF_ALL_BRANCHES:
        raise ValueError("the branches are more than all of its decays")
    return branches


def _branch(row: Table, stable: frozenset[str]) -> Branch:
    with row.reading():
        daughter = canonical(row.take("to", str))
        fraction = float(row.take("fraction", Decimal))
        if not 0 < fraction <= 1:
            raise ValueError(f"fraction {fraction} is not between 0 and 1")
        return Branch(
            daughter=daughter,
            fraction=fraction,
            mode=row.take("mode", str),
            is_stable=daughter in stable,
        )


def _require_complete(nuclides: dict[str, Nuclide]) -> None:
    for nuclide in nuclides.values():
        for branch in nuclide.branches:
            if branch.is_stable == (branch.daughter in nuclides):
                raise ValueError(
                    f"{branch.daughter}, daughter of {nuclide.symbol}, must be either a nuclide "
                    "of this set or listed as stable"
                )
