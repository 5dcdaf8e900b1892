"""How Alembic reaches the database; migrations themselves import nothing of ours."""

from alembic import context

from radiopharm.store import tables
from radiopharm.store.base import Instant, metadata

assert tables


def render_item(kind: str, item: object, autogen: object) -> str | bool:
    """Our own types are written as the plain ones beneath them."""
    if kind == "type" and isinstance(item, Instant):
        return "INSTANT"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
