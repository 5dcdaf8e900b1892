"""The balance of a site's waste store: for any window, and as known at any time."""

from radiopharm.core.containers import WasteContainer
from radiopharm.core.reference import Reference
from radiopharm.core.waste_balance import ContainerBalance, Stay, of_stay
from radiopharm.services.balances import Window
from radiopharm.store import Connection, waste, waste_balances


def of_site(
    db: Connection, reference: Reference, site_id: int, window: Window
) -> tuple[ContainerBalance, ...]:
    """Every nuclide of every container that stood in the store in the window."""
    since, until, known_at = window.since, window.until, window.known_at
    stood = (
        waste_balances.standing(db, site_id, since, known_at) if since is not None else set[int]()
    )
    stands = waste_balances.standing(db, site_id, until, known_at)
    came = waste_balances.opened(db, site_id, since, until, known_at)
    stays = (
        _stay(container.as_known(known_at), stood, stands)
        for container in waste.by_ids(db, site_id, sorted(stood | stands | came))
    )
    data = reference.default_nuclear_data
    return tuple(line for stay in stays for line in of_stay(stay, since, until, data))


def _stay(it: WasteContainer, stood: set[int], stands: set[int]) -> Stay:
    return Stay(
        container_id=it.id,
        code=it.code,
        container=it.facts(),
        departure=it.departure,
        stood=it.id in stood,
        stands=it.id in stands,
    )
