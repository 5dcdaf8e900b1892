"""Whether a container decays as its contents say: its readings since the seal, against the model.

Readings of one instrument, unit and shielding are one series, each less its background; others are
never pooled with them. A reading is taken to go with the becquerels in the container, each
nuclide's alike: what a becquerel of each gives at the surface is not known here. The computed legs
stay as they are, whatever the readings say; one plans with the later of the two dates.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from radiopharm.core import formatting as fmt
from radiopharm.core.decay import seconds
from radiopharm.core.log_fits import FitPoint, LogFit, digit_uncertainty, fit
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.waste import Container, Survey, contents

HOURS_UP_TO_S = 2 * 86_400


class Pace(StrEnum):
    """How the readings fall beside the model, beyond the uncertainty."""

    SLOWER = "slower"
    AS_EXPECTED = "as_expected"
    FASTER = "faster"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A reading less its background and what the model has then; `left_out` says why not fitted."""

    survey: Survey
    net: float
    modelled_bq: float

    @property
    def left_out(self) -> str:
        if self.survey.background_unit != self.survey.reading_unit:
            return "its background is in another unit"
        if self.net <= 0:
            return "not above background"
        return "" if self.modelled_bq > 0 else "nothing would be left by the model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The readings of one instrument in one unit and geometry, in order of time.

    `expected` is the same line, with the same weights, through the model's activities at the same
    instants. Both are None where no line goes through what is left.
    """

    readings: tuple[Reading, ...]
    fitted: LogFit | None
    expected: LogFit | None

    @property
    def fitted_readings(self) -> tuple[Reading, ...]:
        """Those that count."""
        return tuple(each for each in self.readings if not each.left_out)

    @property
    def pace(self) -> Pace:
        """Slower or faster only beyond the uncertainty of the fit."""
        if self.fitted is None or self.expected is None:
            return Pace.UNKNOWN
        lag = self.expected.rate - self.fitted.rate
        if abs(lag) <= self.fitted.expanded:
            return Pace.AS_EXPECTED
        return Pace.SLOWER if lag > 0 else Pace.FASTER

    @property
    def says(self) -> str:
        """What comes out, in a sentence or two."""
        if self.fitted is None or self.expected is None:
            return "Two readings above background, at different times, are needed."
        caution = " Two readings cannot show how much they scatter."
        return f"{self._measured} {_SAYS[self.pace]}{caution if self.fitted.birge is None else ''}"

    @property
    def _measured(self) -> str:
        assert self.fitted is not None
        assert self.expected is not None
        model = half_life_words(self.expected.half_life_s)
        if self.fitted.half_life_s is None:
            return f"The readings do not fall; {model} by the model."
        found = half_life_words(self.fitted.half_life_s)
        return f"Measured half-life {found} ({interval(self.fitted)}); {model} by the model."


def series_of(container: Container, at: datetime, data: NuclearData) -> tuple[Series, ...]:
    """Every series of readings of the sealed *container* by *at*, the longest first."""
    made = sorted((s for s in container.surveys if _counts(s, container, at)), key=_series_key)
    found = (_series(list(group), container, data) for _, group in groupby(made, _series_key))
    return tuple(sorted(found, key=lambda each: -len(each.readings)))


def half_life_words(half_life_s: float | None) -> str:
    """Three digits: ``148 d``, ``6.02 h``; ``no decay`` for None."""
    if half_life_s is None:
        return "no decay"
    size, unit = (3_600, "h") if half_life_s < HOURS_UP_TO_S else (86_400, "d")
    return f"{fmt.figure(float(f'{half_life_s / size:.3g}'))} {unit}"


def interval(fitted: LogFit) -> str:
    """The half-lives within about 95 %: ``136 d to 162 d``, ``136 d or more``."""
    shortest = half_life_words(fitted.shortest_s)
    if fitted.longest_s is None:
        return f"{shortest} or more"
    return f"{shortest} to {half_life_words(fitted.longest_s)}"


def _counts(survey: Survey, container: Container, at: datetime) -> bool:
    """Since the seal and by *at*: before it, other contents were measured."""
    return container.is_sealed(survey.measured_at) and survey.measured_at <= at


def _series_key(survey: Survey) -> tuple[int, str, bool]:
    return survey.instrument_id, survey.reading_unit, survey.unshielded


def _series(surveys: Iterable[Survey], container: Container, data: NuclearData) -> Series:
    in_order = sorted(surveys, key=lambda each: each.measured_at)
    readings = tuple(_reading(survey, container, data) for survey in in_order)
    counted = [each for each in readings if not each.left_out]
    begin = in_order[0].measured_at
    measured = [_point(each, each.net, begin) for each in counted]
    modelled = [_point(each, each.modelled_bq, begin) for each in counted]
    return Series(readings=readings, fitted=fit(measured), expected=fit(modelled))


def _reading(survey: Survey, container: Container, data: NuclearData) -> Reading:
    return Reading(
        survey=survey,
        net=float(survey.reading - survey.background),
        modelled_bq=sum(contents(container, survey.measured_at, data).values()),
    )


def _point(reading: Reading, value: float, begin: datetime) -> FitPoint:
    """*value* with the relative uncertainty of *reading*, so that both lines weigh alike."""
    digits = (digit_uncertainty(n) for n in (reading.survey.reading, reading.survey.background))
    relative = sum(each**2 for each in digits) ** 0.5 / reading.net
    return FitPoint(
        elapsed_s=seconds(begin, reading.survey.measured_at), value=value, relative=relative
    )


_SAYS = {
    Pace.SLOWER: "It falls more slowly: something is in it that was not declared, or more of it.",
    Pace.AS_EXPECTED: "That agrees.",
    Pace.FASTER: "It falls faster: were all readings taken in the same place?",
}
