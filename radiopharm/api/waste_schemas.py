"""What the JSON room answers about waste, and the query strings it reads."""

from marshmallow import Schema, fields, validate

from radiopharm.api.schemas import Content, Number, PageQuery, PapersOut
from radiopharm.api.signature_shapes import SignedOut
from radiopharm.core.states import ContainerState
from radiopharm.schemas.fields import Id, Line
from radiopharm.schemas.instants import Instant
from radiopharm.schemas.waste import NuclideOrMix
from radiopharm.services.waste_due import Due


class ContainersQuery(PageQuery):
    """Which containers, by state, or of those that are here by when they may leave.

    `releasable` may be released at the instant, `this_week` once measured before the site's week is
    over, `later` are the others. `blocked_by` is the code of a leg that stands in the way. A
    `nuclide` finds mixed containers with it in them too; `MIX` finds every mixed one.
    """

    at = Instant()
    nuclide = NuclideOrMix()
    state = fields.String(
        validate=validate.OneOf([*map(str, Due), *(str(state) for state in ContainerState)])
    )
    blocked_by = Line(most=64)


class CheckQuery(Schema):
    """The instant and, instead of the site's choice, the pack."""

    at = Instant()
    pack = Line(most=64)


class PortionOut(Content):
    """A nuclide put in, with the half-life it keeps."""

    half_life_s = Number()
    half_life = fields.String()
    source = fields.String()


class ItemOut(Schema):
    """Something that went in, and how many percent of its source it is."""

    id = Id()
    source = fields.String()
    vial_id = Id(allow_none=True)
    sequence = fields.Integer(allow_none=True)
    dispensing_id = Id(allow_none=True)
    residue_id = Id(allow_none=True)
    percent = fields.String()
    articles = fields.Integer(allow_none=True)
    description = fields.String()
    put_in_at = Instant()
    recorded_at = Instant()
    contents = fields.List(fields.Nested(PortionOut))
    data_set = fields.String()


class ContainerEventOut(Schema):
    """A seal, a move, a hand-over."""

    kind = fields.String()
    at = Instant()
    recorded_at = Instant()
    reason = fields.String()
    place = fields.String(allow_none=True)
    mass_g = fields.Integer(allow_none=True)
    volume_ml = fields.Integer(allow_none=True)
    recipient = fields.String(allow_none=True)
    licence_number = fields.String(allow_none=True)
    papers = fields.Nested(PapersOut, allow_none=True)


class MeasurementOut(Schema):
    """A survey; numbers as typed."""

    id = Id()
    background = fields.String()
    reading = fields.String()
    unit = fields.String()
    unshielded = fields.Boolean()
    most_sensitive_scale = fields.Boolean()
    instrument_id = Id()
    measured_at = Instant()
    measured_by = fields.String()
    recorded_at = Instant()
    place = fields.String()
    by = fields.String(
        metadata={"description": "`typed`, or `device` where a meter's line said it"}
    )


class PartOut(Schema):
    """One nuclide's part in a sum, its limit, and how it was come by, such as activity ÷ water."""

    nuclide = fields.String()
    value = fields.String()
    limit = fields.String()
    fraction = fields.String()
    source = fields.String()
    status = fields.String(allow_none=True)
    note = fields.String()
    working = fields.String()


class LegOut(Schema):
    """One condition; `passed` null means not computable, and `message` says what is missing.

    `waits` false: a reading or an entry makes it pass, no waiting.
    """

    code = fields.String()
    kind = fields.String()
    passed = fields.Boolean(allow_none=True)
    value = fields.String()
    limit = fields.String()
    operator = fields.String()
    clause = fields.String()
    source = fields.String()
    status = fields.String()
    message = fields.String()
    earliest_at = Instant(allow_none=True)
    waits = fields.Boolean()
    parts = fields.List(fields.Nested(PartOut))


class VerdictOut(Schema):
    """A verdict: all legs; `earliest_at` null when never, or when it cannot be said yet.

    `computable_at` is the same instant for those legs alone that can be computed, `waits_d` the
    days from the last item to `earliest_at`.
    """

    releasable = fields.Boolean()
    earliest_at = Instant(allow_none=True)
    computable_at = Instant(allow_none=True)
    waits_d = Number(allow_none=True)
    governing = fields.String()
    legs = fields.List(fields.Nested(LegOut))


class IgnoredOut(VerdictOut):
    """The verdict had the impurities not gone in: for comparison, no release may rest on it."""

    nuclides = fields.List(fields.String())


class DoubtOut(Schema):
    """A warning, no refusal: what the book says is there though a reading equals background."""

    nuclide = fields.String()
    activity_bq = Number()
    limit = fields.String()
    source = fields.String()
    status = fields.String()
    message = fields.String()


class CheckOut(VerdictOut):
    """Whether a container may be released; `ignoring` null where impurities change nothing.

    `two_people` says that somebody else must sign beside the safety officer.
    """

    two_people = fields.Boolean()
    doubts = fields.List(fields.Nested(DoubtOut))

    container_id = Id()
    at = Instant()
    pack = fields.String(allow_none=True)
    edition = fields.String(allow_none=True)
    contents = fields.List(fields.Nested(Content))
    ignoring = fields.Nested(IgnoredOut, allow_none=True)


class DerogationOut(Schema):
    """Why a container left though it did not meet the rules, and the legs it departed from."""

    reason = fields.String()
    failed = fields.List(fields.Nested(LegOut))
    signature = fields.Nested(SignedOut)


class ReleaseOut(Schema):
    """A signed release with its legs as they stood; `conforms` is false for a derogation.

    `signature` is the safety officer's, `releaser` that of who carried it out beside them.
    """

    conforms = fields.Boolean()
    route = fields.String()
    consignment = fields.String()
    biohazard = fields.String(allow_none=True)
    releaser = fields.Nested(SignedOut, allow_none=True)
    derogation = fields.Nested(DerogationOut, allow_none=True)

    id = Id()
    at = Instant()
    pack = fields.String()
    pack_edition = fields.String()
    legs = fields.List(fields.Nested(LegOut))
    destination = fields.String()
    measurement_id = Id(allow_none=True)
    signature_id = Id()
    signed_by = fields.String()
    signature = fields.Nested(SignedOut)


class ContainerSummary(Schema):
    """A container in a list, at the instant `at`."""

    id = Id()
    code = fields.String()
    number = fields.String(allow_none=True)
    kind = fields.String()
    nuclide = fields.String()
    description = fields.String()
    state = fields.String()
    at = Instant()
    place = fields.String()
    sequence = fields.Integer()
    sealed_at = Instant(allow_none=True)
    mass_g = fields.Integer(allow_none=True)
    volume_ml = fields.Integer(allow_none=True)
    activity_bq = Number()
    activity_mbq = Number()
    contents = fields.List(fields.Nested(Content))
    releasable = fields.Boolean()
    earliest_at = Instant(allow_none=True)
    governing = fields.String()
    blocking = fields.List(fields.String())


class ContainerOut(ContainerSummary):
    """A container with everything that went in and happened."""

    opened_at = Instant()
    items = fields.List(fields.Nested(ItemOut))
    events = fields.List(fields.Nested(ContainerEventOut))
    measurements = fields.List(fields.Nested(MeasurementOut))
    release = fields.Nested(ReleaseOut, allow_none=True)
    working = fields.Dict()
