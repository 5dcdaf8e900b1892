"""The check sources of a site: one comes with its certificate, and goes with a reason."""

from radiopharm.core.actions import Action
from radiopharm.core.check_sources import AddSource
from radiopharm.core.refusals import Invalid, Refusal, Refused
from radiopharm.store import check_sources
from radiopharm.store.acts import Act


def add(act: Act, command: AddSource) -> int:
    """Write a check source; returns its id. Raises `Invalid` with every reason."""
    if broken := _refusals(act, command):
        raise Invalid(broken)
    source_id = check_sources.add(act.db, act.actor.site.id, command, act.actor.id, act.now)
    act.record(
        Action.CHECK_SOURCE_ADDED,
        f"check-source:{source_id}",
        nuclide=command.nuclide,
        serial=command.serial,
        activity=command.activity_text,
        activity_bq=command.activity_bq,
        reference_at=command.reference_at,
        certificate=command.certificate,
        uncertainty=command.uncertainty,
    )
    return source_id


def take_out(act: Act, source_id: int, reason: str) -> None:
    """Say that a source is used no more; raises `NotFound`, and `Refused` the second time."""
    found = check_sources.get(act.db, act.actor.site.id, source_id)
    if found.taken_out:
        said = f"{found.taken_out.by} took this source out of use already."
        raise Refused([Refusal(code="out_of_use", message=said)])
    check_sources.take_out(act.db, source_id, reason, act.actor.id, act.now)
    act.record(
        Action.CHECK_SOURCE_TAKEN_OUT,
        f"check-source:{source_id}",
        reason=reason,
        nuclide=found.nuclide,
        serial=found.serial,
    )


def _refusals(act: Act, command: AddSource) -> list[Refusal]:
    data, found = act.reference.default_nuclear_data, []
    if command.nuclide not in data.nuclides:
        said = f"{data.name} has no half-life of {command.nuclide} here."
        found.append(Refusal(code="nuclide", field="nuclide", message=said))
    if command.serial in {it.serial for it in check_sources.of_site(act.db, act.actor.site.id)}:
        said = "A check source with this serial number is in the list already."
        found.append(Refusal(code="serial_taken", field="serial", message=said))
    return found
