"""What every table shares: names for constraints, exact instants, and checks that SQLite means it.

SQLite keeps whatever it is given unless told otherwise, so whole numbers carry a `typeof` CHECK
there, and an instant is a whole number of microseconds; PostgreSQL has `bigint` and `timestamptz`.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

APPEND_ONLY = {"append_only": True}
"""`info=` of a table whose rows are facts: the migrations guard it, a test attacks it."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware instant, exact to the microsecond on both engines; a naive one is refused."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        plain = sa.BigInteger() if dialect.name == "sqlite" else sa.DateTime(timezone=True)
        return dialect.type_descriptor(plain)

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its offset")
        instant = value.astimezone(UTC)
        return (instant - EPOCH) // MICROSECOND if dialect.name == "sqlite" else instant

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return EPOCH + timedelta(microseconds=value)
        return value.astimezone(UTC)


def identity() -> sa.Column[int]:
    """A primary key the database numbers."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", number, primary_key=True, autoincrement=True)


def instant(name: str, *, null: bool = False, index: bool = False) -> sa.Column[datetime]:
    """A column holding one instant."""
    return sa.Column(name, Instant(), nullable=null, index=index)


def whole(name: str, *, null: bool = False) -> sa.Column[int]:
    """A column holding a whole number of becquerels, microlitres or pieces."""
    return sa.Column(name, sa.BigInteger(), nullable=null)


def text(name: str, length: int = 200, *, null: bool = False) -> sa.Column[str]:
    """A column holding a line of text."""
    return sa.Column(name, sa.String(length), nullable=null)


def reference(name: str, target: str, *, null: bool = False, index: bool = False) -> sa.Column[int]:
    """A foreign key to another table's `id`; nothing cascades."""
    key = sa.ForeignKey(f"{target}.id", ondelete="RESTRICT")
    return sa.Column(name, sa.BigInteger(), key, nullable=null, index=index)


def check(sentence: str, condition: str) -> sa.CheckConstraint:
    """A CHECK whose name is a sentence."""
    return sa.CheckConstraint(condition, name=sentence)


def whole_numbers(*names: str) -> sa.CheckConstraint:
    """On SQLite, refuse text, blobs and fractions in these columns."""
    kinds = " AND ".join(f"typeof({name}) IN ('integer', 'null')" for name in names)
    rule = sa.CheckConstraint(kinds, name="numbers_are_whole")
    return rule.ddl_if(dialect="sqlite")
