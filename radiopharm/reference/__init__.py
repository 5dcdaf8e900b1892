"""Reads the reference data in `config/` into core values, whole or not at all.

A malformed, missing or superfluous entry stops the start with the file, the table and the reason.
"""

from pathlib import Path

from radiopharm.core.reference import Reference
from radiopharm.reference.nuclides import read_nuclear_data
from radiopharm.reference.products import read_products
from radiopharm.reference.retention import read_retention
from radiopharm.reference.rule_packs import read_rule_packs
from radiopharm.reference.toml_tables import BadReference

__all__ = ["BadReference", "load"]


def load(directory: Path) -> Reference:
    """The reference data of the TOML files in *directory*; raises `BadReference`."""
    default_data_set, nuclear_data = read_nuclear_data(directory / "nuclides.toml")
    return Reference(
        nuclear_data=nuclear_data,
        default_data_set=default_data_set,
        products=read_products(directory / "products.toml", nuclear_data[default_data_set]),
        rule_packs=read_rule_packs(directory / "rules"),
        retention=read_retention(directory / "retention.toml"),
    )
