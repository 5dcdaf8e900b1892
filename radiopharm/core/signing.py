"""What a person gives to sign: name, secret, and what the signature means."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A signature to be made; the secret never shows in a log or a traceback."""

    username: str
    secret: str = field(repr=False)
    meaning: str = ""
