"""TOML tables that must be used up: what is missing, misspelt or left over is named."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Self, TypeVar

from radiopharm.core.figures import Figure, Status

Value = TypeVar("Value")


class BadReference(Exception):
    """Reference data that cannot be used; the message says which file, which table and why."""


class Table:
    """One table of a file; values are taken out of it once each."""

    def __init__(self, file: str, name: str, values: Mapping[str, Any]) -> None:
        self._file = file
        self._name = name
        self._values = dict(values)

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """The whole file as one table; numbers are read as exact decimals."""
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadReference(f"{path.name}: {error}") from error
        return cls(path.name, "", values)

    @contextmanager
    def reading(self) -> Iterator[Self]:
        """Take the values within; whatever is wrong, or left over at the end, names this table."""
        try:
            yield self
        except (ValueError, LookupError, TypeError) as error:
            raise self._bad(str(error)) from error
        if self._values:
            raise self._bad(f"unknown: {', '.join(self._values)}")

    def take(self, key: str, kind: type[Value]) -> Value:
        """The value of *key*, which must be there and of that kind."""
        if key not in self._values:
            raise ValueError(f"{key} is missing")
        value = self._values.pop(key)
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise ValueError(f"{key} is not what it should be: {value!r}")
        return value

    def take_if_there(self, key: str, kind: type[Value]) -> Value | None:
        """The value of *key*, or None where the file says nothing."""
        return self.take(key, kind) if key in self._values else None

    def tables(self) -> Iterator[tuple[str, Self]]:
        """All that is left of this table, each value a table with its name."""
        for name in list(self._values):
            yield name, self._inner(name, self.take(name, dict))

    def table(self, key: str) -> Self | None:
        """The one table under *key*, or None where the file says nothing."""
        values = self.take_if_there(key, dict)
        return None if values is None else self._inner(key, values)

    def rows(self, key: str) -> tuple[Self, ...]:
        """The list of tables under *key*; none where the file says nothing."""
        rows = self.take_if_there(key, list) or []
        return tuple(self._inner(f"{key}[{n}]", row) for n, row in enumerate(rows))

    def figure(self, key: str, parse: Callable[[str], Value]) -> Figure[Value] | None:
        """The `{value, source, status}` under *key*, or None where nothing is known."""
        table = self.table(key)
        return None if table is None else table.as_figure(parse)

    def as_figure(self, parse: Callable[[str], Value]) -> Figure[Value]:
        """This table as a figure: its value read by *parse*, with its source and status."""
        with self.reading():
            text = self.take("value", str)
            source = self.take("source", str)
            status = Status(self.take("status", str))
            return Figure(value=parse(text), text=text, source=source, status=status)

    def _inner(self, name: str, values: Mapping[str, Any]) -> Self:
        full_name = f"{self._name}.{name}" if self._name else name
        return type(self)(self._file, full_name, values)

    def _bad(self, reason: str) -> BadReference:
        return BadReference(f"{self._file}, table [{self._name}]: {reason}")
