"""What the label printer is told is the label, nothing else, and stays on it."""

import re
from dataclasses import dataclass, replace

import pytest

from radiopharm.core.labels import DoseLabel
from radiopharm.documents.zpl import HEIGHT, WIDTH, dose_labels
from tests.documents.test_labels import DOSE, LONG


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One ^FO … ^FS of a label: where, in which command, how high, what."""

    x: int
    y: int
    command: str
    height: int
    data: str


def parsed(zpl: str) -> list[list[Field]]:
    """The labels as a printer reads them; an unknown command fails."""
    labels = [label.split("^XZ")[0] for label in zpl.split("^XA")[1:]]
    assert zpl.count("^XZ") == len(labels)
    return [[_field(said) for said in _fields(label)] for label in labels]


def _fields(label: str) -> list[str]:
    head, *rest = label.split("^FO")
    assert set(re.findall(r"\^([A-Z]{2})", head)) == {"CI", "PW", "LL", "LH"}
    return rest


def _field(said: str) -> Field:
    match = re.fullmatch(
        r"(\d+),(\d+)\^(A0N|BQN),(?:2,)?(\d+)\^FH_\^FD([^^~]*)\^FS\s*", said, re.DOTALL
    )
    assert match is not None, said
    data = re.sub(r"_([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), match[5])
    return Field(
        x=int(match[1]), y=int(match[2]), command=match[3], height=int(match[4]), data=data
    )


def texts(label: DoseLabel) -> list[list[str]]:
    return [[field.data for field in fields] for fields in parsed(dose_labels(label))]


@pytest.mark.requirement("RQ-31")
def test_it_says_what_the_paper_says() -> None:
    syringe, shield = texts(DOSE)
    for said in (
        "Lutathera",
        "7,400 MBq (200 mCi)",
        "Syringe · Lu-177 at Sat 14 Mar 2026 12:00 CET",
        "Volume: 20.50 mL",
        "Lot: 24A1234",
        "Expires: Mon 16 Mar 2026 14:00 CET",
        "Dispensed by: Marie Laurent",
        "QA,D-000017",
        "D-000017",
    ):
        assert said in syringe
    assert "Shield · Lu-177 at Sat 14 Mar 2026 12:00 CET" in shield


def test_a_reprint_says_its_number_on_both() -> None:
    for label in texts(replace(DOSE, print_number=3)):
        assert "Dispensed by: Reprint 2 · Marie Laurent" in label


@pytest.mark.parametrize("evil", ["^XZ^XA^FDmore", "~JR", "_5E", "a\\&b", "one\ntwo", "Ελένη µ"])
def test_names_are_printed_and_never_obeyed(evil: str) -> None:
    assert evil.replace("\n", " ") in texts(replace(DOSE, product=evil))[0]


def test_nothing_leaves_the_label_however_long_the_names() -> None:
    long = replace(DOSE, product=LONG, lot=LONG, dispensed_by=LONG, code="D-" + "9" * 12)
    for label in parsed(dose_labels(long)):
        for field in label:
            width = len(field.data) * field.height * 0.55 if field.command == "A0N" else 180
            assert field.x + width <= WIDTH
            assert field.y + (field.height if field.command == "A0N" else 180) <= HEIGHT
