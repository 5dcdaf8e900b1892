"""What a register is read with: the database, whose it is, what is known, what is asked."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core.formatting import instant
from radiopharm.core.people import Site
from radiopharm.core.reference import Reference
from radiopharm.core.registers import Asked
from radiopharm.store import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One register being read."""

    db: Connection
    site: Site
    reference: Reference
    asked: Asked

    @property
    def zone(self) -> ZoneInfo:
        """The site's zone, for instants within words."""
        return ZoneInfo(self.site.zone)

    def void_words(self, row: Any) -> str:
        """When, by whom and why a row was made void; nothing where it was not."""
        if row.void_at is None:
            return ""
        return f"{instant(row.void_at, self.zone)}, {row.voider}: {row.void_reason}"

    def product(self, code: str) -> str:
        """A product's name; its code when the product data of this release no longer has it."""
        known = self.reference.products.get(code)
        return known.name if known else code
