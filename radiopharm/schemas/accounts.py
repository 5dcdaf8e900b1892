"""Accounts on the way in: names and reasons as one line each, so that every database can keep them.

What may not be empty, the services say.
"""

from marshmallow import Schema

from radiopharm.schemas.fields import Line


class AccountSchema(Schema):
    """Who a new account is for."""

    username = Line(load_default="", most=64)
    display_name = Line(load_default="")


class CloseAccountSchema(Schema):
    """Why an account is closed."""

    reason = Line(load_default="")


class TokenSchema(Schema):
    """What will use a token."""

    name = Line(load_default="", most=100)
