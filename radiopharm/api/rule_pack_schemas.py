"""What the JSON room answers about rules: packs with every figure, choices, licence conditions."""

from marshmallow import Schema, fields

from radiopharm.api.signature_shapes import SignedOut
from radiopharm.schemas.fields import Id
from radiopharm.schemas.instants import Instant


class LimitOut(Schema):
    """The limit of one nuclide; `nuclide` says for which others where it is a default."""

    nuclide = fields.String()
    value = fields.String()
    clause = fields.String()
    source = fields.String()
    status = fields.String()
    note = fields.String()


class LimitTableOut(Schema):
    """The limits of one table, which nuclides it leaves out, and which daughters it covers."""

    name = fields.String()
    unit = fields.String()
    clause = fields.String()
    limits = fields.List(fields.Nested(LimitOut))
    defaults = fields.List(fields.Nested(LimitOut))
    unlisted = fields.List(fields.String())
    covers = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class RuleLegOut(Schema):
    """One figure of a pack."""

    code = fields.String()
    kind = fields.String()
    operator = fields.String()
    limit = fields.String()
    unit = fields.String()
    clause = fields.String()
    source = fields.String()
    status = fields.String()
    otherwise = fields.String()
    averaging_mass_g = fields.String(allow_none=True)
    leave_out = fields.String(allow_none=True)
    progeny_ratio = fields.String(allow_none=True)
    table = fields.Nested(LimitTableOut, allow_none=True)


class RulePackOut(Schema):
    """An edition of a pack: all its legs must pass."""

    code = fields.String()
    name = fields.String()
    jurisdiction = fields.String()
    authority = fields.String()
    about = fields.String()
    effective_from = fields.String()
    legs = fields.List(fields.Nested(RuleLegOut))


class ChoiceOut(Schema):
    """A signed choice of a pack, and how many people sign a release by it."""

    id = Id()
    pack = fields.String()
    signers = fields.Integer()
    from_at = Instant()
    reason = fields.String()
    signature = fields.Nested(SignedOut)


class ConditionOut(Schema):
    """A condition of the site's licence."""

    id = Id()
    number = fields.String()
    wording = fields.String()
    nuclides = fields.List(fields.String())
    hold = fields.String()
    hold_in = fields.String()
    from_at = Instant()
