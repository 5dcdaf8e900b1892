"""Figures of discharge that only the site knows: its water, and excretion no product data has.

A figure is never changed: a newer one takes over at its own instant, the one before stays.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from radiopharm.core.excretion import parse_excretion
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Refusal
from radiopharm.core.units import parse_decimal


class FigureKind(StrEnum):
    """What a site enters: m³ of sewage a month, or the excretion of a product."""

    SEWAGE = "sewage"
    EXCRETION = "excretion"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterFigure:
    """A figure as entered: `subject` is the product, and empty for the sewage of the site."""

    kind: FigureKind
    subject: str
    value: str
    source: str
    reason: str
    from_at: datetime | None = None


def faults(command: EnterFigure, reference: Reference) -> tuple[Refusal, ...]:
    """Everything that cannot be true of a figure."""
    found = (_wrong_subject(command, reference), _wrong_value(command))
    return tuple(fault for fault in found if fault)


def _wrong_subject(command: EnterFigure, reference: Reference) -> Refusal | None:
    is_sewage = command.kind is FigureKind.SEWAGE
    if command.subject in ({""} if is_sewage else reference.products.keys()):
        return None
    said = "The sewage is the whole site's: leave this empty." if is_sewage else "Name a product."
    return Refusal(code="unknown_subject", field="subject", message=said)


def _wrong_value(command: EnterFigure) -> Refusal | None:
    try:
        if command.kind is FigureKind.EXCRETION:
            parse_excretion(command.value)
        elif parse_decimal(command.value) == 0:
            raise ValueError("Enter a number above zero, in m³ a month.")
    except ValueError as wrong:
        return Refusal(code="unreadable", field="value", message=str(wrong))
    return None
