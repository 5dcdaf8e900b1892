"""What the world can answer instead of doing: a list of reasons, a conflict, or nothing there.

A refusal is a value, so that the page's checklist, the API's check and the decision itself can run
the same function and show the same list.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason why an act cannot be done now, in words that say what to do at the bench.

    `value operator limit` is the comparison that failed, where there is one, and `source` the
    rule's.
    """

    code: str
    message: str
    field: str | None = None
    value: str | None = None
    limit: str | None = None
    operator: str | None = None
    source: str | None = None

    def as_dict(self) -> dict[str, str]:
        """The filled-in fields, for JSON."""
        return {key: value for key, value in asdict(self).items() if value is not None}


class Refused(Exception):
    """The act is not possible; every reason at once."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(r.code for r in self.refusals))


class Conflict(Exception):
    """The world has moved since the author of the command looked; `facts` say how it stands now."""

    def __init__(self, code: str, message: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.facts = facts


class NotFound(Exception):
    """There is no such thing here, or none that this person may know of."""


class Invalid(Exception):
    """Well formed but impossible in itself (an unknown product, an expiry before its reference)."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(r.code for r in self.refusals))


class Forbidden(Exception):
    """This person may not do that."""


Given = TypeVar("Given")
Rule = Callable[[Given], Refusal | None]


def run(rules: Iterable[Rule[Given]], given: Given) -> tuple[Refusal, ...]:
    """Every refusal that *rules* raise against *given*: all of them run, none hides another."""
    return tuple(refusal for rule in rules if (refusal := rule(given)) is not None)
