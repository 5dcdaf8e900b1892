"""Whether the rows of fact still are what the audit's events say was written.

The chain is proved first (services.audits); then each row it vouches for is read again, and each
table is counted, so that a changed, a missing and an added row all show.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from itertools import islice

from radiopharm.core.actions import Action
from radiopharm.core.audit import RowDigest
from radiopharm.core.audit_check import Fault
from radiopharm.core.refusals import Conflict
from radiopharm.store import Connection, attested, audit_trail
from radiopharm.store.acts import Act
from radiopharm.store.audit_trail import Stretch

CHUNK = 1000
Vouched = tuple[str, int, RowDigest]


def first_fault(db: Connection) -> Fault | None:
    """The first row that is not as it was written, or that nothing says was written."""
    count: Counter[str] = Counter()
    return _changed(db, _vouched(db), count) or _added(db, count)


def first_changed(
    db: Connection, part: Stretch, only: Container[int] | None = None
) -> Fault | None:
    """The first row that is not as an event of *part*, of the numbers in *only*, says."""
    vouched = (
        (part.stream, number, row)
        for number, row in audit_trail.vouched(db, part)
        if only is None or number in only
    )
    return _changed(db, vouched, Counter())


def adopt(act: Act, reason: str) -> int:
    """Vouch from now on for the rows that no event says were written; returns how many.

    For a database from before events vouched for rows. Raises `Conflict` when there are none.
    """
    known = {row for _, _, row in _vouched(act.db)}
    rows = [
        row
        for table in attested.tables()
        for row in attested.every(act.db, table)
        if row not in known
    ]
    if not rows:
        raise Conflict("nothing_to_adopt", "An event vouches for every row already.")
    act.record(Action.ROWS_ADOPTED, reason=reason, count=len(rows))
    act.rows.extend(rows)
    return len(rows)


def _changed(db: Connection, vouched: Iterable[Vouched], count: Counter[str]) -> Fault | None:
    for chunk in _chunks(vouched):
        standing = attested.standing(db, (row for _, _, row in chunk))
        for stream, number, row in chunk:
            count[row.table] += 1
            if row not in standing:
                said = f"{row.table} {row.id} is not there as event {number} says it was written"
                return Fault(stream=stream, number=number, kind="row", message=said)
    return None


def _added(db: Connection, count: Counter[str]) -> Fault | None:
    for name, held in attested.counts(db).items():
        if held != count[name]:
            known = {row.id for _, _, row in _vouched(db) if row.table == name}
            table = next(table for table in attested.tables() if table.name == name)
            added = next(row.id for row in attested.every(db, table) if row.id not in known)
            said = f"no event says that {name} {added} was written"
            return Fault(stream=name, number=added, kind="unwritten", message=said)
    return None


def _vouched(db: Connection) -> Iterator[Vouched]:
    for stream in audit_trail.streams(db):
        for number, row in audit_trail.vouched(db, Stretch(stream)):
            yield stream, number, row


def _chunks(vouched: Iterable[Vouched]) -> Iterator[list[Vouched]]:
    waiting = iter(vouched)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk
