"""What the JSON room answers, and the query strings it reads."""

from marshmallow import Schema, fields, validate

from radiopharm.core.states import VialState
from radiopharm.schemas.fields import Id, Line, Nuclide
from radiopharm.schemas.instants import Instant

MAX_PAGE = 200
Number = fields.Float


class Said(Schema):
    """One reason."""

    field = fields.String(allow_none=True)
    code = fields.String()
    message = fields.String()
    value = fields.String()
    limit = fields.String()
    operator = fields.String()
    source = fields.String()


class Problem(Schema):
    """RFC 9457, with every reason in `errors`."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    saved = fields.Boolean(allow_none=True)
    request_id = fields.String()
    now = fields.Dict(metadata={"description": "How it stands now, where the world has moved."})
    errors = fields.List(fields.Nested(Said))


class AtQuery(Schema):
    """The instant to look at, and how much was known then."""

    at = Instant()
    known_at = Instant()


class PageQuery(Schema):
    """A keyset page."""

    after = Line(most=200)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_PAGE))


class StockQuery(PageQuery):
    """Which vials."""

    at = Instant()
    nuclide = Nuclide()
    product = Line(most=64)
    lot = Line(most=64)
    state = fields.String(validate=validate.OneOf([str(state) for state in VialState]))


class Content(Schema):
    """One radioactive member."""

    nuclide = fields.String()
    activity_bq = Number()
    activity_mbq = Number()


class ImpurityOut(Schema):
    """A declared impurity; `ratio` is at the reference instant."""

    nuclide = fields.String()
    ratio = Number()
    stated_ratio = fields.String()
    stated_at = Instant()
    half_life = fields.String()
    source = fields.String()


class NuclearDataOut(Schema):
    """Where the half-life comes from."""

    data_set = fields.String()
    half_life = fields.String()
    source = fields.String()


class VialOut(Schema):
    """A vial at the instant `at`."""

    id = Id()
    code = fields.String()
    product = fields.String()
    nuclide = fields.String()
    lot = fields.String()
    sequence = fields.Integer()
    state = fields.String()
    at = Instant()
    reference_at = Instant()
    reference_zone = fields.String()
    half_life_s = Number()
    nuclear_data = fields.Nested(NuclearDataOut)
    activity_bq = Number(allow_none=True)
    activity_mbq = Number(allow_none=True)
    undefined = fields.String(allow_none=True)
    volume_ul = fields.Integer(allow_none=True)
    volume_ml = Number(allow_none=True)
    concentration_mbq_ml = Number(allow_none=True)
    reference_balance_bq = fields.Integer(allow_none=True)
    contents = fields.List(fields.Nested(Content))
    impurities = fields.List(fields.Nested(ImpurityOut))
    expires_at = Instant()
    use_by_at = Instant()
    received_at = Instant()
    place = fields.String(allow_none=True)
    directive_id = Id(allow_none=True)
    working = fields.Dict(allow_none=True)
    warnings = fields.List(fields.Nested(Said))


class PapersOut(Schema):
    """What went with a hand-over, as far as it was said."""

    licence_until = fields.String(allow_none=True)
    consignment = fields.String()
    documents = fields.String()
    handed_over_by = fields.String()
    received_by = fields.String()
    received_at = Instant(allow_none=True)


class HandOverOut(Schema):
    """To whom it went; no licence number where it went back to the supplier."""

    recipient = fields.String()
    licence_number = fields.String()
    papers = fields.Nested(PapersOut)


class EntryOut(Schema):
    """One line of the ledger; amounts at the vial's reference time, signed.

    `hand_over` is null but for what was transferred, and for that before it was asked.
    """

    sequence = fields.Integer()
    kind = fields.String()
    occurred_at = Instant()
    recorded_at = Instant()
    volume_ul = fields.Integer()
    reference_bq = fields.Integer()
    volume_after_ul = fields.Integer()
    reference_after_bq = fields.Integer()
    reason = fields.String()
    reverses_sequence = fields.Integer(allow_none=True)
    hand_over = fields.Nested(HandOverOut, allow_none=True)


class BranchOut(Schema):
    """One way a nuclide decays."""

    daughter = fields.String()
    fraction = Number()
    mode = fields.String()
    is_stable = fields.Boolean()


class NuclideOut(Schema):
    """A nuclide in one data set."""

    symbol = fields.String()
    data_set = fields.String()
    half_life = fields.String()
    half_life_s = Number()
    half_life_uncertainty_s = Number(allow_none=True)
    branches = fields.List(fields.Nested(BranchOut))
    source = fields.String()
    edition = fields.String()
    status = fields.String(allow_none=True)


class ProductOut(Schema):
    """A product; a figure that is not known is absent."""

    code = fields.String()
    name = fields.String()
    role = fields.String()
    nuclide = fields.String()
    handling = fields.String(allow_none=True)
    display_unit = fields.String()
    second_person_accepts = fields.Boolean()
    second_person_dispenses = fields.Boolean()
    pharmacist_verifies = fields.Boolean()
    dose_tolerance = fields.Dict(allow_none=True)
    figures = fields.Dict()


def page_of(item: type[Schema], name: str) -> type[Schema]:
    """The schema of a keyset page of *item*."""
    members = {
        "items": fields.List(fields.Nested(item)),
        "next": fields.String(allow_none=True),
    }
    return type(f"{name}Page", (Schema,), members)
