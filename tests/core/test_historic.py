"""A line of an old register keeps its own dates and shows its gaps; a register is read whole."""

from datetime import date
from typing import Any

import pytest

from radiopharm.core.historic import HistoricRelease, faults
from radiopharm.core.refusals import Invalid
from radiopharm.schemas.historic import COLUMNS, read

TODAY = date(2026, 6, 1)
HEADER = ",".join(COLUMNS)
FULL = "Red book,17,1998/4,bag,Tc-99m,1998-03-01,1998-05-02,0.1,0.1 µSv/h,SM-1,kim,Landfill"


def make_entry(**other: Any) -> HistoricRelease:
    return HistoricRelease(**({"book": "Red book", "page": "17", "number": "1998/4"} | other))


def codes(*entries: HistoricRelease, entered: Any = ()) -> list[str]:
    return [fault.code for fault in faults(entries, entered, TODAY, first=2)]


def test_what_the_register_does_not_say_is_a_gap_with_a_name() -> None:
    entry = make_entry(contents="Tc-99m", released_on=date(1998, 5, 2))
    assert entry.gaps == (
        "kind",
        "stored_on",
        "background",
        "reading",
        "instrument",
        "released_by",
        "destination",
    )
    assert codes(entry) == []


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"released_on": TODAY}, []),
        ({"released_on": date(2026, 6, 2)}, ["ahead"]),
        ({"stored_on": date(1998, 5, 2), "released_on": date(1998, 5, 2)}, []),
        ({"stored_on": date(1998, 5, 3), "released_on": date(1998, 5, 2)}, ["before_storage"]),
    ],
)
def test_its_dates_are_possible(changes: dict[str, Any], wrong: list[str]) -> None:
    assert codes(make_entry(**changes)) == wrong


def test_no_line_is_entered_twice() -> None:
    entry = make_entry()
    assert codes(entry, entry) == ["twice", "twice"]
    assert codes(entry, entered={entry.key}) == ["entered_already"]


def test_a_register_is_read_with_its_gaps() -> None:
    (full, short) = read(f"{HEADER}\n{FULL}\nRed book,17,5,,not recorded,,,,,,,\n")
    assert full.gaps == ()
    assert full.released_on == date(1998, 5, 2)
    assert len(short.gaps) == 9


def test_everything_that_cannot_be_read_is_said_at_once_by_line() -> None:
    wrong = "Red book,17,6,bag,Tc-99m,1998-02-30,1 May 1998,,,,,"
    with pytest.raises(Invalid) as caught:
        read(f"{HEADER}\n{FULL}\n{wrong}\n,17,7,,,,,,,,,\nRed book,17\n")
    assert [fault.field for fault in caught.value.refusals] == [
        "line 3: stored_on",
        "line 3: released_on",
        "line 4: book",
        "line 5",
    ]


@pytest.mark.parametrize("text", ["", HEADER, "book,page\nx,y", HEADER + "\n" * 9])
def test_a_file_without_its_columns_or_without_a_line_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read(text)


@pytest.mark.parametrize(
    ("number", "line"),
    [("N\ufffd\ufffdez", 1), ('"' + "x" * 140_000, 2)],
    ids=["letters that were not UTF-8", "a lost quotation mark"],
)
def test_what_cannot_be_read_is_said_and_never_entered_otherwise(number: str, line: int) -> None:
    with pytest.raises(Invalid) as wrong:
        read(f"{HEADER}\n{FULL.replace('1998/4', number)}\n")
    assert [refusal.field for refusal in wrong.value.refusals] == [f"line {line}"]
