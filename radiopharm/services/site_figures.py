"""Figures a site looks up itself: entered and signed by its safety officer, none rewritten."""

from datetime import datetime
from zoneinfo import ZoneInfo

from radiopharm.core import site_figures as rules
from radiopharm.core import waste_statements as statements
from radiopharm.core.actions import Action
from radiopharm.core.limit_tables import LimitTable
from radiopharm.core.people import Person
from radiopharm.core.reference import Reference
from radiopharm.core.refusals import Invalid, Refusal
from radiopharm.core.rule_packs import editions_at
from radiopharm.core.signing import Statement
from radiopharm.core.site_figures import EnterSiteFigure, Entry
from radiopharm.services import signatures
from radiopharm.store import site_figures
from radiopharm.store.acts import Act

MEANING = "I have read this figure in the source named, and this site decides by it"


def enter(act: Act, command: EnterSiteFigure) -> int:
    """Write a figure, in force from its own instant on; `Invalid` with every reason."""
    if broken := faults(act.reference, command, act.now):
        raise Invalid(broken)
    meaning = signatures.meaning_of(command.signature, MEANING)
    said = statement(command, act.actor, meaning)
    signature_id = signatures.sign(act, said, command.signature, roles=signatures.OFFICER)
    from_at = command.from_at or act.now
    entry_id = site_figures.add(
        act.db,
        site_id=act.actor.site.id,
        pack=command.pack,
        table_name=command.table,
        nuclide=command.nuclide,
        value=f"{command.value:f}",
        unit=command.unit,
        clause=command.clause,
        source=command.source,
        reason=command.reason,
        from_at=from_at,
        recorded_at=act.now,
        actor_id=act.actor.id,
        signature_id=signature_id,
    )
    act.record(
        Action.SITE_FIGURE_ENTERED,
        f"pack:{command.pack}",
        reason=command.reason,
        table=command.table,
        nuclide=command.nuclide,
        value=f"{command.value:f} {command.unit}",
        clause=command.clause,
        source=command.source,
        from_at=from_at,
        signature=signatures.audited(act.db, signature_id),
    )
    return entry_id


def faults(reference: Reference, command: EnterSiteFigure, now: datetime) -> tuple[Refusal, ...]:
    """Everything that is wrong with a figure about to be entered."""
    table = tables(reference, now).get((command.pack, command.table))
    return rules.faults(Entry(command=command, table=table, data=reference.default_nuclear_data))


def tables(reference: Reference, at: datetime) -> dict[tuple[str, str], LimitTable]:
    """Every table of the packs in force, by pack and name."""
    packs = editions_at(reference.rule_packs, at)
    return {(pack.code, table.name): table for pack in packs for table in pack.tables}


def statement(command: EnterSiteFigure, actor: Person, meaning: str = MEANING) -> Statement:
    """What is signed of a figure."""
    zone = ZoneInfo(actor.site.zone)
    return statements.of_site_figure(command, meaning=meaning, zone=zone)
