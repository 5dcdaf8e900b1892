"""TOML tables that must be used up: what is missing, misspelt or left over is named, by line."""

import re
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

    def __init__(
        self, file: str, name: str, values: Mapping[str, Any], lines: Mapping[str, int]
    ) -> None:
        self._file = file
        self._name = name
        self._values = dict(values)
        self._lines = lines

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """The whole file as one table; numbers are read as exact decimals."""
        try:
            text = path.read_text(encoding="utf-8")
            values = tomllib.loads(text, parse_float=Decimal)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadReference(f"{path.name}: {error}") from error
        return cls(path.name, "", values, _lines_of_tables(text))

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

    @property
    def names(self) -> tuple[str, ...]:
        """What is left of this table."""
        return tuple(self._values)

    def entries(self) -> Iterator[tuple[str, str | Self]]:
        """All that is left of this table, each value a text or a table, with its name."""
        for name, value in list(self._values.items()):
            if isinstance(value, str):
                yield name, self.take(name, str)
            else:
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
        return type(self)(self._file, full_name, values, self._lines)

    def _bad(self, reason: str) -> BadReference:
        """An inline table has the line of the table it stands in."""
        name = self._name
        while name and name not in self._lines:
            name = name.rpartition(".")[0]
        line = f", line {self._lines[name]}" if name else ""
        return BadReference(f"{self._file}{line}, table [{self._name}]: {reason}")


def _lines_of_tables(text: str) -> dict[str, int]:
    """The line of each table's header, the tables of an array numbered from 0."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            name = header["name"].replace('"', "")
            count = sum(each.startswith(f"{name}[") for each in found)
            found[f"{name}[{count}]" if header["array"] else name] = number
    return found


_HEADER = re.compile(r"\[(?P<array>\[)?(?P<name>[^\[\]]+)\]")
