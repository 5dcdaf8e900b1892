"""Reads `products.toml`: one table a product; figures that are absent stay absent."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from radiopharm.core.checklists import ChecklistLine
from radiopharm.core.durations import parse_duration
from radiopharm.core.excretion import parse_excretion
from radiopharm.core.figures import Status
from radiopharm.core.nuclides import NuclearData
from radiopharm.core.products import (
    DoseTolerance,
    Handling,
    Product,
    Role,
    SecondReadingRule,
    UsualImpurity,
)
from radiopharm.core.units import (
    ACTIVITY_UNITS,
    parse_activity,
    parse_concentration,
    parse_ratio,
    parse_volume,
)
from radiopharm.reference.toml_tables import Table


def read_products(path: Path, data: NuclearData) -> MappingProxyType[str, Product]:
    """The products by code; every nuclide named must be one of *data*."""
    with Table.of_file(path).reading() as file:
        return MappingProxyType({code: _product(code, t, data) for code, t in file.tables()})


def _product(code: str, table: Table, data: NuclearData) -> Product:
    with table.reading():
        role = Role(table.take("role", str))
        handling = table.take_if_there("handling", str)
        product = Product(
            code=code,
            name=table.take("name", str),
            role=role,
            nuclide=data.get(table.take("nuclide", str)).symbol,
            handling=None if handling is None else Handling(handling),
            thaws=table.take("thaws", bool),
            display_unit=table.take("display_unit", str),
            route=table.take_if_there("route", str),
            second_person_accepts=table.take("second_person_accepts", bool),
            second_person_dispenses=table.take("second_person_dispenses", bool),
            pharmacist_verifies=table.take("pharmacist_verifies", bool),
            dose_tolerance=_dose_tolerance(table),
            second_reading=_second_reading(table),
            half_life_s=table.figure("half_life", parse_duration),
            concentration=table.figure("concentration", parse_concentration),
            volume_min_ul=table.figure("volume_min", parse_volume),
            volume_max_ul=table.figure("volume_max", parse_volume),
            shelf_life_after_calibration_s=table.figure(
                "shelf_life_after_calibration", parse_duration
            ),
            shelf_life_after_opening_s=table.figure("shelf_life_after_opening", parse_duration),
            shelf_life_after_thawing_s=table.figure("shelf_life_after_thawing", parse_duration),
            dose_min_bq=table.figure("dose_min", parse_activity),
            dose_max_bq=table.figure("dose_max", parse_activity),
            usual_doses_bq=tuple(d.as_figure(parse_activity) for d in table.rows("usual_doses")),
            usual_impurities=tuple(_impurity(i, data) for i in table.rows("usual_impurities")),
            checklist=tuple(_line(row) for row in table.rows("checklist")),
            interval_min_s=table.figure("interval_min", parse_duration),
            excretion=table.figure("excretion", parse_excretion),
        )
        _require_sense(product)
        return product


def _dose_tolerance(table: Table) -> DoseTolerance | None:
    given = table.table("dose_tolerance")
    if given is None:
        return None
    with given.reading() as tolerance:
        return DoseTolerance(
            reason_above=Fraction(parse_ratio(tolerance.take("reason_above", str))),
            second_person_above=Fraction(parse_ratio(tolerance.take("second_person_above", str))),
        )


def _second_reading(table: Table) -> SecondReadingRule | None:
    given = table.table("second_reading")
    if given is None:
        return None
    with given.reading() as rule:
        return SecondReadingRule(
            required=rule.take("required", bool),
            tolerance=Fraction(parse_ratio(rule.take("tolerance", str))),
        )


def _impurity(row: Table, data: NuclearData) -> UsualImpurity:
    nuclide = data.get(row.take("nuclide", str)).symbol
    return UsualImpurity(nuclide=nuclide, max_ratio=row.as_figure(_exact_ratio))


def _line(row: Table) -> ChecklistLine:
    with row.reading():
        return ChecklistLine(
            code=row.take("code", str),
            words=row.take("words", str),
            source=row.take("source", str),
            status=Status(row.take("status", str)),
        )


def _exact_ratio(text: str) -> Decimal:
    ratio = parse_ratio(text)
    if not ratio:
        raise ValueError("a usual impurity of nothing is none")
    return ratio


def _require_sense(product: Product) -> None:
    """What a table must say beyond its single values."""
    if product.display_unit not in ACTIVITY_UNITS:
        raise ValueError(f"display_unit {product.display_unit} is not a unit of activity")
    rules = product.handling and product.dose_tolerance and product.second_reading
    if product.is_dispensable and not rules:
        raise ValueError("what is dispensed needs handling, dose_tolerance and second_reading")
    if len({line.code for line in product.checklist}) < len(product.checklist):
        raise ValueError("the checklist names a line twice")
    if product.shelf_life_after_thawing_s and not product.thaws:
        raise ValueError("what does not thaw has no shelf life after thawing")
    for low, high in (
        (product.volume_min_ul, product.volume_max_ul),
        (product.dose_min_bq, product.dose_max_bq),
    ):
        if low and high and low.value > high.value:
            raise ValueError(f"{low.text} is more than {high.text}")
