"""A site's own entry of a figure that this copy of a table lacks: what a safety officer read in its
source and signed, in force from a date on.

It fills a gap and never replaces a figure: where a pack has one, or a later edition brings it, the
pack's holds. What was released by an entry keeps the legs it was released by.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from radiopharm.core.figures import Status
from radiopharm.core.limit_tables import Limit, LimitTable
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.refusals import Refusal, Rule, run
from radiopharm.core.rule_packs import LegRule, RulePack
from radiopharm.core.signing import Signing


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFigure:
    """A figure for one nuclide of one table of a pack, in the unit of that table."""

    pack: str
    table: str
    nuclide: str
    value: Decimal
    unit: str
    clause: str
    source: str
    from_at: datetime
    entered_by: str = ""

    @property
    def as_limit(self) -> Limit:
        """The figure as the engine takes it: nobody here has checked it, and it says so."""
        since = self.from_at.astimezone(UTC).date().isoformat()
        return Limit(
            value=self.value,
            clause=self.clause,
            source=self.source,
            status=Status.UNVERIFIED,
            note=f"site entry by {self.entered_by}, in force since {since}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterSiteFigure:
    """A figure to be entered and signed; `from_at` None is now."""

    pack: str
    table: str
    nuclide: str
    value: Decimal
    unit: str
    clause: str
    source: str
    reason: str
    signature: Signing
    from_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A figure about to be entered, beside the table it is for; None where there is no such."""

    command: EnterSiteFigure
    table: LimitTable | None
    data: NuclearData


def with_site_figures(pack: RulePack, figures: Iterable[SiteFigure]) -> RulePack:
    """*pack* with the gaps of its tables filled by those of *figures* that are for it."""
    ours = [figure for figure in figures if figure.pack == pack.code]
    if not ours:
        return pack
    return replace(pack, legs=tuple(_filled(leg, ours) for leg in pack.legs))


def faults(entry: Entry) -> tuple[Refusal, ...]:
    """Everything that cannot be true of a figure about to be entered."""
    return run(_RULES, entry)


def _filled(leg: LegRule, figures: Iterable[SiteFigure]) -> LegRule:
    if leg.table is None:
        return leg
    entered = {it.nuclide: it.as_limit for it in figures if it.table == leg.table.name}
    return replace(leg, table=replace(leg.table, entered=entered))


def _is_of_a_table(entry: Entry) -> Refusal | None:
    if entry.table is not None:
        return None
    said = "Choose a table of a pack in force."
    return Refusal(code="unknown_table", field="table", message=said)


def _is_a_known_nuclide(entry: Entry) -> Refusal | None:
    if entry.command.nuclide in entry.data.nuclides:
        return None
    said = f"{entry.data.name} has no data for {entry.command.nuclide}."
    return Refusal(code="unknown_nuclide", field="nuclide", message=said)


def _fills_a_gap(entry: Entry) -> Refusal | None:
    symbol, table = entry.command.nuclide, entry.table
    if table is None or symbol not in entry.data.nuclides:
        return None
    own = table.own(symbol, entry.data)
    if own is None:
        return None
    said = f"{table.clause} has {own.value:,f} {table.unit} for {symbol} already. It stands."
    return Refusal(code="has_a_figure", field="nuclide", message=said)


def _is_in_the_unit_of_its_table(entry: Entry) -> Refusal | None:
    if entry.table is None or entry.command.unit == entry.table.unit:
        return None
    said = f"Write it in {entry.table.unit}, as the table does."
    return Refusal(
        code="other_unit",
        field="unit",
        message=said,
        value=entry.command.unit,
        operator="=",
        limit=entry.table.unit,
    )


def _is_more_than_zero(entry: Entry) -> Refusal | None:
    if entry.command.value > 0:
        return None
    said = "A limit is more than zero."
    return Refusal(code="not_positive", field="value", message=said)


_RULES: tuple[Rule[Entry], ...] = (
    _is_of_a_table,
    _is_a_known_nuclide,
    _fills_a_gap,
    _is_in_the_unit_of_its_table,
    _is_more_than_zero,
)
