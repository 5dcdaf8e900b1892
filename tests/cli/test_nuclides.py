"""`flask nuclides show`: the data that are reckoned with, printed with their sources."""

import pytest
from flask import Flask

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.mark.requirement("RQ-01")
def test_a_nuclide_is_shown_as_each_data_set_has_it(app: Flask) -> None:
    shown = app.test_cli_runner().invoke(args=["nuclides", "show", "177mLu", "y-90"]).output
    assert "ICRP-107, the default: ICRP Publication 107" in shown
    assert "160.4 d = 13858560.0 s  0.783 β- to Hf-177, 0.217 IT to Lu-177" in shown
    assert "64.05(5) h = 230580.0 s  1 β- to Zr-90  branches as ICRP-107" in shown
    assert "I-131" not in shown


def test_all_are_shown_when_none_is_named(app: Flask) -> None:
    shown = app.test_cli_runner().invoke(args=["nuclides", "show"]).output
    assert "8.02070 d = 692988.48 s" in shown
    assert "30.1671 y" in shown
    assert "as ICRP-107" in shown


@pytest.mark.parametrize(("typed", "exit_code"), [("Eu-152", 1), ("lutetium", 2)])
def test_what_no_data_set_knows_is_an_error(app: Flask, typed: str, exit_code: int) -> None:
    assert app.test_cli_runner().invoke(args=["nuclides", "show", typed]).exit_code == exit_code
