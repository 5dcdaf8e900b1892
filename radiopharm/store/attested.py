"""The facts an act wrote, as its audit event vouches for them: table, id and digest of each row.

Whoever changes, removes or adds a row behind our back, with every guard of the database gone,
would have to rewrite the chain too. Only tables of facts with an `id` are vouched for: so not the
identity of patients, which must be erasable and must not be guessed from a digest.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from radiopharm.core.audit import RowDigest, row_digest
from radiopharm.store.base import metadata

CHUNK = 500


@contextmanager
def gathered(db: sa.Connection, found: list[RowDigest]) -> Iterator[None]:
    """Add to *found* what is inserted through *db* meanwhile into tables of facts."""

    def ask_for_ids(_db: Any, statement: Any, many: Any, one: Any, _options: Any) -> Any:
        if many and _inserts_facts(statement):
            statement = statement.return_defaults(sort_by_parameter_order=True)
        return statement, many, one

    def gather(_db: Any, statement: Any, _many: Any, _one: Any, _options: Any, result: Any) -> None:
        if _inserts_facts(statement):
            written = zip(
                result.inserted_primary_key_rows, result.context.compiled_parameters, strict=True
            )
            found.extend(_digest(statement.table, {**row, "id": key[0]}) for key, row in written)

    sa.event.listen(db, "before_execute", ask_for_ids, retval=True)
    sa.event.listen(db, "after_execute", gather)
    try:
        yield
    finally:
        sa.event.remove(db, "before_execute", ask_for_ids)
        sa.event.remove(db, "after_execute", gather)


def tables() -> list[sa.Table]:
    """Every table whose rows are vouched for."""
    return [table for table in metadata.sorted_tables if _is_vouched_for(table)]


def standing(db: sa.Connection, rows: Iterable[RowDigest]) -> set[RowDigest]:
    """What stands now under the tables and ids of *rows*."""
    wanted = defaultdict(list)
    for row in rows:
        wanted[row.table].append(row.id)
    return {
        row
        for name, ids in wanted.items()
        for first in range(0, len(ids), CHUNK)
        for row in _read(db, metadata.tables[name], ids[first : first + CHUNK])
    }


def every(db: sa.Connection, table: sa.Table) -> Iterator[RowDigest]:
    """Every row of *table*, by id, a chunk at a time."""
    query = sa.select(table).order_by(table.c.id)
    with db.execute(query, execution_options={"yield_per": CHUNK}) as rows:
        for row in rows:
            yield _digest(table, row._mapping)


def counts(db: sa.Connection) -> Mapping[str, int]:
    """How many rows each table holds."""
    return {
        table.name: db.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in tables()
    }


def _read(db: sa.Connection, table: sa.Table, wanted: Sequence[int]) -> Iterator[RowDigest]:
    for row in db.execute(sa.select(table).where(table.c.id.in_(wanted))):
        yield _digest(table, row._mapping)


def _inserts_facts(statement: Any) -> bool:
    return isinstance(statement, sa.Insert) and _is_vouched_for(statement.table)


def _is_vouched_for(table: Any) -> bool:
    return bool(table.info.get("append_only")) and "id" in table.c


def _digest(table: Any, row: Mapping[str, Any]) -> RowDigest:
    """What is empty is left out, so that a column added later changes no digest."""
    said = {name: _plain(table.c[name], value) for name, value in row.items() if value is not None}
    return RowDigest(table=table.name, id=row["id"], digest=row_digest(table.name, said))


def _plain(column: sa.Column[Any], value: Any) -> Any:
    """A number as it is read back, whatever kind of number was written."""
    return float(value) + 0.0 if isinstance(column.type, sa.Double) else value
