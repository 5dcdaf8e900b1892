"""Discard from a vial: into a waste container, or out of the book where no container is named."""

from radiopharm.core.containers import Source
from radiopharm.core.corrections import Taking
from radiopharm.core.filling import PutItem
from radiopharm.services import corrections, waste
from radiopharm.store.acts import Act


def discard(act: Act, vial_id: int, taking: Taking, container_id: int | None) -> None:
    """Discard what *taking* says; a container takes no more than the book holds."""
    if container_id is None:
        corrections.take(act, vial_id, taking)
        return
    item = PutItem(
        source=Source.VIAL,
        put_in_at=taking.occurred_at,
        reason=taking.reason,
        vial_id=vial_id,
        after_sequence=taking.after_sequence,
        volume_ul=taking.volume_ul,
    )
    waste.put_in(act, container_id, item)
