"""What a site may hold of a nuclide, from a date on: what its licence allows, in stock and waste.

A limit is never changed: a newer one takes over at its own instant, the one before stays on record.
"""

from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.nuclides import NuclearData
from radiopharm.core.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLimit:
    """The most a site may hold of `nuclide`, in Bq, from `from_at` (None: now), and why.

    With `per` "day" it is what may leave in one day instead.
    """

    nuclide: str
    limit_bq: int
    source: str
    reason: str
    per: str | None = None
    from_at: datetime | None = None


def unknown_nuclide(command: SetLimit, data: NuclearData) -> Refusal | None:
    """A limit of a nuclide without nuclear data could never be held against anything."""
    if command.nuclide in data.nuclides:
        return None
    return Refusal(
        code="unknown_nuclide",
        field="nuclide",
        message=f"{data.name} has no data for {command.nuclide}.",
    )
