"""Who could do what at an instant: accounts, roles, last sign-in, badges and tokens."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from radiopharm.core.register_cells import Kind
from radiopharm.core.registers import Column, Group, Line, Register
from radiopharm.services.registers.reading import Reading
from radiopharm.store.registers import oversight

REGISTER = Register(
    name="access-review",
    title="Access review",
    about="Every account at the instant, in envelopes too: roles, last sign-in, badges, tokens.",
    group=Group.OVERSIGHT,
    of_instant=True,
    roles=frozenset({"safety_officer", "auditor"}),
    columns=(
        Column(name="username", title="User name"),
        Column(name="name", title="Name", share=1.3),
        Column(name="roles", title="Roles", share=2),
        Column(name="envelope", title="Envelope", share=1.6),
        Column(name="since", title="Since", kind=Kind.INSTANT, share=1.2),
        Column(name="last_at", title="Last sign-in", kind=Kind.INSTANT, share=1.2),
        Column(name="badges", title="Badges", kind=Kind.NUMBER, share=0.6),
        Column(name="tokens", title="Tokens", kind=Kind.NUMBER, share=0.6),
        Column(name="disabled_at", title="Disabled", kind=Kind.INSTANT, share=1.2),
    ),
)


def lines(reading: Reading) -> Iterator[Line]:
    """By user name."""
    db, site_id, asked = reading.db, reading.site.id, reading.asked
    held: dict[int, list[str]] = defaultdict(list)
    for row in oversight.roles_at(db, site_id, asked):
        held[row.user_id].append(row.role.replace("_", " "))
    for row in oversight.people(db, site_id, asked):
        was_disabled = row.disabled_at is not None and row.disabled_at <= asked.at
        yield Line(
            cells={
                "username": row.username,
                "name": "" if row.envelope_id else row.display_name,
                "roles": ", ".join(held[row.id]),
                "envelope": _envelope(row),
                "since": row.created_at,
                "last_at": row.last_at,
                "badges": row.badges,
                "tokens": row.tokens,
                "disabled_at": row.disabled_at if was_disabled else None,
            }
        )


def _envelope(row: Any) -> str:
    """What an envelope had come to; nothing for everybody else's account."""
    if row.envelope_id is None:
        return ""
    return f"opened by {row.opener}" if row.opened_at else "sealed"
