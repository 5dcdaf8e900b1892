"""Reads `rules/*.toml`: an edition of a rule pack a file.

The file is named as the pack, `us-dis.toml`; a later edition adds the date it is in force from,
`us-dis.2030-01-01.toml`.
"""

from datetime import date
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

from radiopharm.core.figures import Status
from radiopharm.core.limit_tables import Limit, LimitTable
from radiopharm.core.nuclides import canonical
from radiopharm.core.rule_packs import OPTIONS, LegRule, RulePack, RulePacks
from radiopharm.core.units import parse_decimal
from radiopharm.reference.toml_tables import BadReference, Table

Tables = dict[str, LimitTable]
Whose = tuple[str, str, Status]  # clause, source and status


def read_rule_packs(directory: Path) -> RulePacks:
    """The packs of *directory* by code, the editions of each in the order of their dates."""
    packs = sorted(map(_pack, directory.glob("*.toml")), key=lambda it: (it.code, it.edition))
    found = {code: tuple(editions) for code, editions in groupby(packs, lambda it: it.code)}
    for code, editions in found.items():
        if len({each.edition for each in editions}) < len(editions):
            raise BadReference(f"{code}: two editions are in force from the same date")
    if unknown := {it.exempt for it in packs} - {"", *found}:
        raise BadReference(f"there is no pack {unknown.pop()} to take exempt activities from")
    return MappingProxyType(found)


def _pack(path: Path) -> RulePack:
    with Table.of_file(path).reading() as file:
        code = file.take("code", str)
        effective_from = file.take("effective_from", date)
        if path.stem not in (code, f"{code}.{effective_from}"):
            raise ValueError(f"the code of this pack must be {path.stem}, not {code}")
        authority = file.take("authority", str)
        tables = _tables(file.table("tables"))
        pack = RulePack(
            code=code,
            name=file.take("name", str),
            jurisdiction=file.take("jurisdiction", str),
            authority=authority,
            about=file.take("about", str),
            effective_from=effective_from,
            legs=tuple(_leg(row, authority, tables) for row in file.rows("legs")),
            two_people=file.take_if_there("two_people", bool) or False,
            exempt=file.take_if_there("exempt", str) or "",
        )
        if unused := tables.keys() - {leg.table.name for leg in pack.legs if leg.table}:
            raise ValueError(f"no leg uses the table {unused.pop()}")
        return pack


def _leg(row: Table, authority: str, tables: Tables) -> LegRule:
    with row.reading():
        table = row.take_if_there("table", str)
        if table is not None and table not in tables:
            raise ValueError(f"there is no table {table}")
        numbers = {name: row.take_if_there(name, str) for name in OPTIONS}
        return LegRule(
            code=row.take("code", str),
            kind=row.take("kind", str),
            operator=row.take("operator", str),
            limit=parse_decimal(row.take("limit", str)),
            unit=row.take("unit", str),
            clause=row.take("clause", str),
            source=row.take("source", str),
            status=Status(row.take("status", str)),
            otherwise=row.take("otherwise", str),
            authority=authority,
            table=tables[table] if table is not None else None,
            **{name: parse_decimal(text) for name, text in numbers.items() if text is not None},
        )


def _tables(row: Table | None) -> Tables:
    return {} if row is None else {name: _table(name, each) for name, each in row.tables()}


def _table(name: str, row: Table) -> LimitTable:
    """A table of limits; its source and status are those of a figure that names no others."""
    with row.reading():
        clause = row.take("clause", str)
        whose = (clause, row.take("source", str), Status(row.take("status", str)))
        return LimitTable(
            name=name,
            unit=row.take("unit", str),
            clause=clause,
            limits={_symbol(key): it for key, it in _limits(row.table("limits"), whose).items()},
            unlisted=frozenset(map(_symbol, row.take_if_there("unlisted", list) or [])),
            defaults=_limits(row.table("defaults"), whose),
            covers=_covers(row.table("covers")),
        )


def _limits(row: Table | None, whose: Whose) -> dict[str, Limit]:
    if row is None:
        return {}
    with row.reading():
        return {key: _limit(value, whose) for key, value in row.entries()}


def _limit(given: str | Table, whose: Whose) -> Limit:
    """A figure: a text, or a table where its source or status is another than the table's."""
    clause, source, status = whose
    if isinstance(given, str):
        return Limit(value=parse_decimal(given), clause=clause, source=source, status=status)
    with given.reading():
        return Limit(
            value=parse_decimal(given.take("value", str)),
            clause=given.take_if_there("clause", str) or clause,
            source=given.take_if_there("source", str) or source,
            status=Status(given.take_if_there("status", str) or status),
            note=given.take_if_there("note", str) or "",
        )


def _covers(row: Table | None) -> dict[str, frozenset[str]]:
    """The "+" nuclides, each with the daughters its limit covers: `Sr-90 = "Y-90"`."""
    if row is None:
        return {}
    with row.reading():
        return {
            _symbol(parent): frozenset(map(_symbol, row.take(parent, str).split(", ")))
            for parent in row.names
        }


def _symbol(text: str) -> str:
    if canonical(text) != text:
        raise ValueError(f"write {canonical(text)}, not {text}")
    return text
