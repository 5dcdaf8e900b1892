"""An extract: the events about one subject, taken out of the chain and signed as the whole of it.

Each event carries the hash it has in the chain, so its words cannot be changed. There is no tree of
hashes: what lies between two events is not in the extract, and that nothing was left out is said
by whoever holds the seal key, not shown by arithmetic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from radiopharm.core.audit import Head, instant_text, joined

FORMAT = "radiopharm.extract.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The hashes of every event about `subject`, in order, when the stream ended at `end`."""

    subject: str
    end: Head
    hashes: Sequence[str]
    taken_at: datetime
    key: str

    @property
    def statement(self) -> bytes:
        """What is signed."""
        where = (self.end.stream, self.subject, str(self.end.number), self.end.hash)
        return joined(FORMAT, *where, instant_text(self.taken_at), self.key, *self.hashes)
