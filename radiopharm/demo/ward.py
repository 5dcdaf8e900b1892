"""Who works in the demo, and how one of them acts at an instant of the last days."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from radiopharm.core.people import Person, Site
from radiopharm.core.signing import Signing
from radiopharm.runtime import Runtime
from radiopharm.store.acts import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What the demo's people sign in and sign with."""

    passphrase: str = field(repr=False)
    pin: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """The demo's site, people and instruments; `now` is the whole minute it is made at."""

    runtime: Runtime
    now: datetime
    site: Site
    people: dict[str, Person]
    secrets: Secrets
    activity_meter: int
    survey_meter: int

    def at(self, hours: float) -> datetime:
        """So many hours from now; negative: ago."""
        return self.now + timedelta(hours=hours)

    def noon(self, days: int) -> datetime:
        """Noon on the site's clocks, so many days from today."""
        zone = ZoneInfo(self.site.zone)
        day = self.now.astimezone(zone).date() + timedelta(days=days)
        return datetime.combine(day, time(12), zone).astimezone(UTC)

    def do(self, who: str, at: datetime, work: Callable[[Act], Any]) -> Any:
        """One act of *who* at *at* with its audit event; returns what *work* returned."""
        return do(self.runtime, self.people[who], at, work)

    def signing(self, who: str, at: datetime) -> Signing:
        """The signature of *who* at *at*, proved."""
        given = Signing(username=who, secret=self.secrets.passphrase)
        return self.runtime.proved(given, self.people[who], at)


def do(runtime: Runtime, who: Person, at: datetime, work: Callable[[Act], Any]) -> Any:
    """One act with its audit event; returns what *work* returned."""
    made: list[Any] = []

    def keep(act: Act) -> dict[str, Any]:
        made[:] = [work(act)]
        return {}

    runtime.act(keep, actor=who, now=at)
    return made[0]
