"""The signatures under the versions of a directive: prescribed, verified, given orally."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.directive_acts import TellOrally
from radiopharm.core.directives import OralOrder
from radiopharm.store import signatures as stored
from radiopharm.store.tables.accounts import signatures
from radiopharm.store.tables.directives import (
    directive_events,
    directive_verifications,
    directives,
    oral_orders,
)

Key = tuple[int, int]  # directive and version


def of_versions(db: sa.Connection, ids: Sequence[int]) -> dict[Key, dict[str, Any]]:
    """What stands under each version of these directives, by the names of `DirectiveVersion`."""
    prescribed, oral = db.execute(_prescribed(ids)).all(), db.execute(_oral(ids)).all()
    made = stored.by_ids(
        db,
        [row.signature_id for row in (*prescribed, *oral)]
        + [row.verification_id for row in prescribed if row.verification_id],
    )
    found: dict[Key, dict[str, Any]] = defaultdict(dict)
    for row in prescribed:
        found[row.directive_id, row.version] = {
            "signature": made[row.signature_id],
            "verification": made.get(row.verification_id),
        }
    for row in oral:
        found[row.directive_id, row.version]["oral"] = OralOrder(
            given_by=row.given_by,
            given_at=row.given_at,
            reason=row.reason,
            signature=made[row.signature_id],
        )
    return found


def add_verification(db: sa.Connection, directive_id: int, version: int, signature_id: int) -> None:
    """Write that a signed version is verified; each version once, never by its signer."""
    events = directive_events.c
    prescription = db.execute(
        sa.select(signatures.c.id, signatures.c.user_id)
        .join(directive_events, events.signature_id == signatures.c.id)
        .where(events.directive_id == directive_id, events.version == version)
    ).one()
    db.execute(
        directive_verifications.insert().values(
            prescription_id=prescription.id,
            signer_id=prescription.user_id,
            signature_id=signature_id,
            verifier_id=signer_of(db, signature_id),
        )
    )


def add_oral_order(
    db: sa.Connection, directive_id: int, version: int, order: TellOrally, signature_id: int
) -> None:
    """Write that a version was given by word of mouth, signed by who wrote it down."""
    db.execute(
        oral_orders.insert().values(
            directive_id=directive_id,
            version=version,
            given_by=order.given_by,
            given_at=order.given_at,
            reason=order.reason,
            signature_id=signature_id,
            recorder_id=signer_of(db, signature_id),
        )
    )


def signer_of(db: sa.Connection, signature_id: int) -> int:
    """Who signed."""
    query = sa.select(signatures.c.user_id).where(signatures.c.id == signature_id)
    return int(db.execute(query).scalar_one())


def unwritten_ids(db: sa.Connection, site_id: int, before: datetime) -> list[int]:
    """Directives given orally *before* an instant with a version that no signature has followed."""
    events, orders = directive_events.c, oral_orders.c
    signed = sa.exists().where(
        events.directive_id == orders.directive_id,
        events.kind == "signed",
        events.version >= orders.version,
    )
    query = (
        sa.select(orders.directive_id)
        .distinct()
        .join(directives, directives.c.id == orders.directive_id)
        .where(directives.c.site_id == site_id, orders.given_at < before, ~signed)
        .order_by(orders.directive_id)
    )
    return list(db.scalars(query))


def _prescribed(ids: Sequence[int]) -> sa.Select[Any]:
    events, beside = directive_events.c, directive_verifications.c
    return (
        sa.select(
            events.directive_id,
            events.version,
            events.signature_id,
            beside.signature_id.label("verification_id"),
        )
        .outerjoin(directive_verifications, beside.prescription_id == events.signature_id)
        .where(events.directive_id.in_(ids), events.kind == "signed")
    )


def _oral(ids: Sequence[int]) -> sa.Select[Any]:
    return sa.select(oral_orders).where(oral_orders.c.directive_id.in_(ids))
