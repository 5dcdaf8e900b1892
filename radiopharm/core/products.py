"""Products: what a vial or a dose of each may be, every physical figure with its source.

A figure that is not known is None and stays so; what a site decides (tolerances, second persons,
the unit shown) is not a physical figure and is always given.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from radiopharm.core.checklists import ChecklistLine
from radiopharm.core.excretion import Excretion
from radiopharm.core.figures import Figure
from radiopharm.core.nuclides import NuclearData


class Role(StrEnum):
    """What a product is for: only therapy is dispensed; imaging is a prerequisite of treatment."""

    THERAPY = "therapy"
    PRECURSOR = "precursor"
    IMAGING = "imaging"


class Handling(StrEnum):
    """Whether a dose is a whole vial, or a vial may be drawn from more than once."""

    WHOLE_VIAL = "whole-vial"
    MULTI_DRAW = "multi-draw"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualImpurity:
    """A nuclide that comes along, and the most of it per activity of the principal that may."""

    nuclide: str
    max_ratio: Figure[Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseTolerance:
    """Deviations from the prescription, as ratios, above which an act needs more than one hand."""

    reason_above: Fraction
    second_person_above: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReadingRule:
    """Whether a second person must read the dose themselves, and how far (a ratio of the first
    reading) theirs may be from it."""

    required: bool
    tolerance: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product. Activities in Bq, volumes in µL, concentration in Bq/µL, durations in s."""

    code: str
    name: str
    role: Role
    nuclide: str
    handling: Handling | None
    thaws: bool
    display_unit: str
    route: str | None
    second_person_accepts: bool
    second_person_dispenses: bool
    pharmacist_verifies: bool
    dose_tolerance: DoseTolerance | None
    second_reading: SecondReadingRule | None
    half_life_s: Figure[float] | None
    concentration: Figure[Fraction] | None
    volume_min_ul: Figure[int] | None
    volume_max_ul: Figure[int] | None
    shelf_life_after_calibration_s: Figure[float] | None
    shelf_life_after_opening_s: Figure[float] | None
    shelf_life_after_thawing_s: Figure[float] | None
    dose_min_bq: Figure[int] | None
    dose_max_bq: Figure[int] | None
    usual_doses_bq: tuple[Figure[int], ...]
    usual_impurities: tuple[UsualImpurity, ...]
    checklist: tuple[ChecklistLine, ...]
    interval_min_s: Figure[float] | None
    excretion: Figure[Excretion] | None

    @property
    def is_dispensable(self) -> bool:
        return self.role is Role.THERAPY

    @property
    def is_whole_vial(self) -> bool:
        return self.handling is Handling.WHOLE_VIAL

    def expiry_after_calibration(self, reference_at: datetime) -> datetime | None:
        """When the shelf life from calibration ends; None where the product states none."""
        shelf_life = self.shelf_life_after_calibration_s
        return reference_at + timedelta(seconds=shelf_life.value) if shelf_life else None

    def use_by_after_opening(self, opened_at: datetime) -> datetime | None:
        """Until when an opened vial may be used; None where the product sets no such clock."""
        shelf_life = self.shelf_life_after_opening_s
        return opened_at + timedelta(seconds=shelf_life.value) if shelf_life else None

    def use_by_after_thawing(self, thawed_at: datetime) -> datetime | None:
        """Until when a thawed vial may be used; None where the product sets no such clock."""
        shelf_life = self.shelf_life_after_thawing_s
        return thawed_at + timedelta(seconds=shelf_life.value) if shelf_life else None

    def nuclear_data(self, site_choice: NuclearData) -> NuclearData:
        """The data a vial of this product decays by: the label's half-life where it states one,
        everything else as the site chose."""
        if self.half_life_s is None:
            return site_choice
        return site_choice.with_half_life(
            self.nuclide, self.half_life_s.value, self.half_life_s.text, self.half_life_s.source
        )
