"""What each version of a directive says otherwise than the one before it, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass

from radiopharm.core import formatting as fmt
from radiopharm.core.directives import Directive, DirectiveVersion
from radiopharm.core.products import Product
from radiopharm.web.formatting import site_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One line that the two versions do not share; empty where a version says nothing."""

    line: str
    before: str
    after: str


def differences(
    directive: Directive, products: Mapping[str, Product], names: Mapping[int, str]
) -> dict[int, list[Difference]]:
    """What each version changed of the one before it, by its number."""
    lines = {each.number: _lines(each, products, names) for each in directive.versions}
    return {
        number: [
            Difference(line=line, before=lines[number - 1][line], after=said)
            for line, said in after.items()
            if lines[number - 1][line] != said
        ]
        for number, after in lines.items()
        if number > 1
    }


def _lines(
    version: DirectiveVersion, products: Mapping[str, Product], names: Mapping[int, str]
) -> dict[str, str]:
    low, high = version.lowest_bq, version.highest_bq
    has_range = low is not None and high is not None
    return {
        "Product": products[version.product].name,
        "Prescribed": fmt.mbq_exact(version.prescribed_bq),
        "Range": f"{fmt.mbq_exact(low)} to {fmt.mbq_exact(high)}" if has_range else "",
        "Planned": fmt.instant(version.planned_for, site_zone()),
        "Route": version.route,
        "Indication": version.indication,
        "Cycle": "" if version.cycle is None else str(version.cycle),
        "Notes": version.notes,
        "Prescriber": names[version.prescriber_id] if version.prescriber_id else "",
        "Both stand because": version.interval_reason,
    }
