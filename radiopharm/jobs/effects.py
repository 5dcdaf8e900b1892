"""What a run does in its one transaction, and what it says of it afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

from radiopharm.store.acts import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How many things a run changed, and a word about it where there is one."""

    changed: int
    message: str = ""


Effect = Callable[[Act], Result]
