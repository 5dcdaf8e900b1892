"""A release from before this program, as an old register has it: its own dates, and gaps that show.

Nobody judged it by a rule here, so it is stamped *historic* and counted among no releases.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from radiopharm.core.refusals import Refusal

NOT_RECORDED = "not recorded"
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoricRelease:
    """One line of a register; None is what it does not say.

    `book`, `page` and `number` are where it stands, everything else is as it was written there.
    """

    book: str
    page: str
    number: str
    kind: str | None = None
    contents: str | None = None
    stored_on: date | None = None
    released_on: date | None = None
    background: str | None = None
    reading: str | None = None
    instrument: str | None = None
    released_by: str | None = None
    destination: str | None = None

    @property
    def key(self) -> Key:
        """What no two entries of a site share."""
        return self.book, self.page, self.number

    @property
    def gaps(self) -> tuple[str, ...]:
        """The fields the register does not say."""
        return tuple(name for name in OPTIONAL if getattr(self, name) is None)


OPTIONAL = (
    "kind",
    "contents",
    "stored_on",
    "released_on",
    "background",
    "reading",
    "instrument",
    "released_by",
    "destination",
)


def faults(
    entries: Sequence[HistoricRelease], entered: Collection[Key], today: date, *, first: int = 0
) -> tuple[Refusal, ...]:
    """Everything that cannot be true of *entries*, or stands in *entered* already.

    Of a register each field is named with its line, the first entry's being *first*.
    """
    times = Counter(entry.key for entry in entries)
    return tuple(
        Refusal(code=code, field=f"line {first + number}: {name}" if first else name, message=said)
        for number, entry in enumerate(entries)
        for code, name, said in _wrong(entry, times[entry.key] > 1, entry.key in entered, today)
    )


def _wrong(
    entry: HistoricRelease, twice: bool, is_entered: bool, today: date
) -> list[tuple[str, str, str]]:
    found = []
    stored, released = entry.stored_on, entry.released_on
    for name, day in (("stored_on", stored), ("released_on", released)):
        if day is not None and day > today:
            found.append(("ahead", name, "That lies in the future."))
    if stored and released and released < stored:
        said = f"It was released before it was stored on {stored}."
        found.append(("before_storage", "released_on", said))
    if twice:
        found.append(("twice", "number", "This number stands twice on that page of the book."))
    if is_entered:
        found.append(("entered_already", "number", "It is entered already."))
    return found
