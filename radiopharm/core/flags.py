"""Flags: what a person should look at. They inform; no rule ever reads one."""

from enum import StrEnum


class FlagKind(StrEnum):
    """What there is to look at."""

    EXPIRED = "expired"
    NEAR_EXPIRY = "near_expiry"
    WASTE_ELIGIBLE = "waste_eligible"
