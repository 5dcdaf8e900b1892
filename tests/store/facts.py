"""One row of every append-only table, true to its CHECKs though it refers to nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from radiopharm.store import tables
from radiopharm.store.base import Instant, metadata

Row = dict[str, Any]
Key = tuple[str, ...]
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
TABLES = [table for table in metadata.sorted_tables if table.info.get("append_only")]
assert tables, "importing the tables registers them"

PARTICULARS: dict[str, list[Row]] = {
    "sign_ins": [{"means": "password"}],
    "signatures": [{"means": "password", "ticket": "t"}],
    "audit_events": [{"hash": "1" * 64, "previous": "0" * 64}],
    "audit_seals": [{"key": "1" * 64, "signature": "1" * 128}],
    "audit_reviews": [{"ends_at": AT + timedelta(days=1), "next_due_at": AT + timedelta(days=2)}],
    "vials": [{"expires_at": AT + timedelta(days=1)}],
    "vial_events": [{"kind": "opened"}],
    "ledger_entries": [
        {"kind": "received"},
        {"id": 2, "sequence": 2, "kind": "reversed", "reverses_sequence": 1},
    ],
    "directive_events": [{"kind": "signed", "signature_id": 1}],
    "directive_verifications": [{"verifier_id": 2}],
    "oral_orders": [{"recorder_id": 2}],
    "given_already": [{"second_id": 2}],
    "dispensings": [{}, {"id": 2, "replaces_id": 1, "signature_id": 2}],
    "reconciliations": [{"number": 2}],
    "checklist_answers": [{"reason": ""}],
    "dose_observations": [{"kind": "extravasation"}],
    "dose_reassignments": [{"dispensing_id": 20}],
    "patient_erasures": [{"signature_id": 1}],
    "second_checks": [{"person_id": 2}],
    "check_plans": [{"kind": "constancy", "operator": "<="}],
    "check_points": [{"reading_id": 1}],
    "instrument_checks": [{"kind": "constancy"}],
    "survey_plans": [{"kind": "wipe", "operator": ">"}],
    "discharge_figures": [{"kind": "excretion"}],
    "discharges": [
        {"filling_id": 1},
        {"id": 2, "vial_id": 1, "sequence": 1, "signature_id": 2},
    ],
    "licence_conditions": [{"hold_unit": "d"}],
    "releasers": [{"releaser_id": 2}],
    "derogations": [{"derogator_id": 2}],
    "tank_reclosings": [{"number": 2}],
    "tank_level_voids": [
        {"level_id": 1},
        {"id": 2, "closing_id": 1},
        {"id": 3, "reclosing_id": 1},
    ],
    "waste_containers": [{"kind": "bag", "number": "2026-0001-Lu-177-A"}],
    "waste_events": [{"kind": "transferred"}],
    "waste_items": [
        {"source": "vial", "vial_id": 1, "sequence": 1},
        {"id": 2, "source": "dose", "dispensing_id": 1},
        {"id": 3, "source": "residue", "residue_id": 1},
    ],
    "waste_shares": [{"item_id": 2, "after_millionths": 400_000, "upto_millionths": 1_000_000}],
}


def rows(table: sa.Table) -> list[Row]:
    """Rows that together fill every unique key of *table*."""
    usual = {column.name: _usual(column) for column in table.columns}
    return [{**usual, **particular} for particular in PARTICULARS.get(table.name, [{}])]


def keys(table: sa.Table) -> Iterator[Key]:
    """Every unique key of *table*, the primary one first."""
    yield tuple(column.name for column in table.primary_key)
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            yield tuple(column.name for column in constraint.columns)
    primary = set(table.primary_key.columns)
    for index in table.indexes:
        if index.unique and not primary <= set(index.columns):  # else the primary key guards it
            yield tuple(column.name for column in index.columns)


def rival(table: sa.Table, key: Key) -> Row:
    """Another row that shares only *key* with one of the table's."""
    others = {next((name for name in each if name not in key), None) for each in keys(table)}
    row = next(row for row in rows(table) if all(row[name] is not None for name in key))
    return {
        name: _other(value) if name in others and value is not None else value
        for name, value in row.items()
    }


def plain_engine(url: str) -> sa.Engine:
    """A connection as an attacker has it: none of our settings, and foreign keys asleep."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    if engine.dialect.name == "postgresql":
        sa.event.listen(engine, "begin", _replica)
    return engine


def _replica(db: sa.Connection) -> None:
    db.exec_driver_sql("SET LOCAL session_replication_role = replica")


def _usual(column: sa.Column[Any]) -> Any:
    if column.nullable:
        return None
    if isinstance(column.type, Instant):
        return AT
    by_type = {bool: False, date: AT.date(), str: "x", bytes: b"x", int: 1, float: 1.0}
    return by_type[column.type.python_type]


def _other(value: Any) -> Any:
    if isinstance(value, str):
        return "z" * len(value)
    return value + (timedelta(seconds=9) if isinstance(value, datetime) else 9)
