"""When a site's licence ended, from which some laws count how long records are kept.

The safety officer enters and signs it; the newest entry stands, and one without a day says that the
licence runs after all.
"""

from dataclasses import dataclass
from datetime import date

from radiopharm.core.people import Site
from radiopharm.core.refusals import Refusal
from radiopharm.core.signing import Record, Signing, Statement

MEANING = "So it stands with our licence"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceEnd:
    """The day a licence ends, None for one that runs; what says so, and why it is entered."""

    ended_on: date | None
    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterLicenceEnd:
    """An entry with the signature under it."""

    entry: LicenceEnd
    signature: Signing


def refusals(entry: LicenceEnd, standing: date | None) -> tuple[Refusal, ...]:
    """Why an entry says nothing new."""
    if entry.ended_on != standing:
        return ()
    said = f"Here it stands already that the licence {_words(standing)}."
    return (Refusal(code="unchanged", field="ended_on", message=said),)


def statement(
    entry: LicenceEnd, site: Site, standing: date | None, version: int, meaning: str = MEANING
) -> Statement:
    """What is signed of an entry, the *version*th of the site."""
    return Statement(
        record=Record(kind="licence end", key=f"site {site.id}", version=version),
        meaning=meaning,
        sentences=(
            f"The licence of {site.name} {_words(entry.ended_on)}.",
            f"Until now it stood here that it {_words(standing)}.",
            f"By {entry.source}. Reason: {entry.reason.rstrip('.')}.",
            "How long records are kept that the law counts from its end is counted from that day.",
        ),
        facts={"ended_on": entry.ended_on, "source": entry.source, "reason": entry.reason},
    )


def _words(ended_on: date | None) -> str:
    return f"ends on {ended_on.isoformat()}" if ended_on else "runs"
