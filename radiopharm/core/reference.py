"""Everything the house knows before the first vial arrives: nuclear data, products, rules.

Read once at start by `radiopharm.reference.load`, never changed while running.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from radiopharm.core.nuclides import NuclearData
from radiopharm.core.products import Product
from radiopharm.core.retention import RetentionRule
from radiopharm.core.rule_packs import RulePacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The reference data by name; `default_data_set` is the one a site starts with."""

    nuclear_data: Mapping[str, NuclearData]
    default_data_set: str
    products: Mapping[str, Product]
    rule_packs: RulePacks
    retention: tuple[RetentionRule, ...]

    @property
    def default_nuclear_data(self) -> NuclearData:
        return self.nuclear_data[self.default_data_set]
