"""A figure that a site looked up itself, on its way in."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load

from radiopharm.core.signing import Signing
from radiopharm.core.site_figures import EnterSiteFigure
from radiopharm.schemas.fields import Line, Nuclide, Plain
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.signing import SigningSchema

NOBODY = Signing(username="", secret="")


class _FigureText(Schema):
    """`table` is named with its pack, as in `uk-out-of-scope/artificial`; `unit` is the table's."""

    table = Line(required=True, most=129)
    nuclide = Nuclide(required=True)
    value = Plain(required=True)
    unit = Line(required=True, most=16)
    clause = Line(required=True)
    source = Line(required=True)
    reason = Line(required=True)
    from_at = Instant(load_default=None, allow_none=True)


class SiteFigureTicketSchema(_FigureText):
    """A figure about to be signed: everything but the secret."""

    meaning = Line(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[EnterSiteFigure, str]:
        meaning = data.pop("meaning")
        return _command(data, NOBODY), meaning


class SiteFigureSchema(_FigureText):
    """A figure with clause and source as they were read, and the safety officer's signature."""

    signature = fields.Nested(SigningSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> EnterSiteFigure:
        return _command(data, data.pop("signature"))


def _command(data: dict[str, Any], signature: Signing) -> EnterSiteFigure:
    pack, _, table = data.pop("table").partition("/")
    value = Decimal(data.pop("value"))
    return EnterSiteFigure(pack=pack, table=table, value=value, signature=signature, **data)
