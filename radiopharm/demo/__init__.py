"""A small site for a first look: every act goes through the services, at an instant of its own.

So what is shown could have happened: judged by the rules, signed by people, written in the audit.
Nobody in it is a patient. All accounts share one passphrase and PIN, random and made afresh.
"""

from radiopharm.core.people import Person
from radiopharm.demo import (
    checks,
    deliveries,
    departures,
    drain,
    oversight,
    people,
    treatments,
    waste,
)
from radiopharm.runtime import Runtime


def make(runtime: Runtime, operator: Person) -> str:
    """Fill an empty site, begun by *operator*; the text that says how to sign in."""
    ward = people.open_ward(runtime, operator)
    oversight.limited(ward)
    bags = waste.first_weeks(ward)
    oversight.reviewed(ward)
    oversight.surveyed(ward)
    checks.last_weeks(ward)
    departures.last_weeks(ward, bags)
    deliveries.last_week(ward)
    given = treatments.given_yesterday(ward)
    waste.from_yesterday(ward, given)
    drain.to_the_drain(ward, given)
    treatments.planned_today(ward)
    deliveries.this_morning(ward)
    treatments.drawn_now(ward)
    return people.introduction(ward)
