"""The reference data as shipped, read once."""

from pathlib import Path

import pytest

from radiopharm.core.nuclides import NuclearData
from radiopharm.core.reference import Reference
from radiopharm.reference import load


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load(Path(__file__).parents[2] / "config")


@pytest.fixture(scope="session")
def icrp(reference: Reference) -> NuclearData:
    return reference.nuclear_data["ICRP-107"]
