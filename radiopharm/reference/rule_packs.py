"""Reads `rules/*.toml`: one rule pack a file, named as its file is."""

from datetime import date
from pathlib import Path
from types import MappingProxyType

from radiopharm.core.figures import Status
from radiopharm.core.rule_packs import LegRule, RulePack
from radiopharm.core.units import parse_decimal
from radiopharm.reference.toml_tables import Table


def read_rule_packs(directory: Path) -> MappingProxyType[str, RulePack]:
    """The packs of *directory* by code."""
    packs = (_pack(path) for path in sorted(directory.glob("*.toml")))
    return MappingProxyType({pack.code: pack for pack in packs})


def _pack(path: Path) -> RulePack:
    with Table.of_file(path).reading() as file:
        code = file.take("code", str)
        if code != path.stem:
            raise ValueError(f"the code of this pack must be {path.stem}, not {code}")
        return RulePack(
            code=code,
            name=file.take("name", str),
            jurisdiction=file.take("jurisdiction", str),
            effective_from=file.take("effective_from", date),
            legs=tuple(_leg(row) for row in file.rows("legs")),
        )


def _leg(row: Table) -> LegRule:
    with row.reading():
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
        )
