"""Reads how long records must be kept from `retention.toml`."""

from pathlib import Path

from radiopharm.core.figures import Status
from radiopharm.core.retention import RecordClass, RetentionRule, Start
from radiopharm.reference.toml_tables import Table


def read_retention(path: Path) -> tuple[RetentionRule, ...]:
    """Every rule of the file, in its order; raises `BadReference`."""
    return tuple(_rule(code, table) for code, table in Table.of_file(path).tables())


def _rule(code: str, table: Table) -> RetentionRule:
    with table.reading():
        return RetentionRule(
            code=code,
            record_class=RecordClass(table.take("record_class", str)),
            years=table.take("years", int),
            start=Start(table.take("start", str)),
            jurisdiction=table.take("jurisdiction", str),
            clause=table.take("clause", str),
            source=table.take("source", str),
            status=Status(table.take("status", str)),
            note=table.take_if_there("note", str) or "",
        )
