"""The signatures under the versions of a directive: prescribed, verified, given orally."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from radiopharm.core.directive_acts import TellOrally
from radiopharm.core.directives import DirectiveSignature, OralOrder
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
    found: dict[Key, dict[str, Any]] = defaultdict(dict)
    for row in db.execute(_prescribed(ids)):
        found[row.directive_id, row.version] = {
            "signature": _signature(row, "prescribed"),
            "verification": _signature(row, "verified") if row.verified_user_id else None,
        }
    for row in db.execute(_oral(ids)):
        found[row.directive_id, row.version]["oral"] = OralOrder(
            given_by=row.given_by,
            given_at=row.given_at,
            reason=row.reason,
            signature=_signature(row, "recorded"),
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
    events, verified = directive_events.c, signatures.alias("verified")
    beside = directive_verifications.c
    return (
        sa.select(
            events.directive_id,
            events.version,
            *_columns(signatures, "prescribed"),
            *_columns(verified, "verified"),
        )
        .join(signatures, signatures.c.id == events.signature_id)
        .outerjoin(directive_verifications, beside.prescription_id == events.signature_id)
        .outerjoin(verified, verified.c.id == beside.signature_id)
        .where(events.directive_id.in_(ids), events.kind == "signed")
    )


def _oral(ids: Sequence[int]) -> sa.Select[Any]:
    orders = oral_orders.c
    return (
        sa.select(oral_orders, *_columns(signatures, "recorded"))
        .join(signatures, signatures.c.id == orders.signature_id)
        .where(orders.directive_id.in_(ids))
    )


def _columns(table: sa.FromClause, name: str) -> list[sa.Label[Any]]:
    wanted = ("user_id", "signer_name", "meaning", "signed_at")
    return [table.c[column].label(f"{name}_{column}") for column in wanted]


def _signature(row: sa.Row[Any], name: str) -> DirectiveSignature:
    said = row._mapping
    return DirectiveSignature(
        signer_id=said[f"{name}_user_id"],
        signer_name=said[f"{name}_signer_name"],
        meaning=said[f"{name}_meaning"],
        signed_at=said[f"{name}_signed_at"],
    )
