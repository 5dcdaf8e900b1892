"""The list of requirements says what the tests show, no more and no less."""

import tomllib

import pytest
from flask import Flask

from config.settings import ROOT
from radiopharm.cli.requirements import REQUIREMENTS, document, state

AGAIN = "make it again: flask --app wsgi requirements > docs/requirements.md"


@pytest.mark.requirement("RQ-55")
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_committed_page_is_the_one_the_command_makes(app: Flask) -> None:
    made = app.test_cli_runner().invoke(args=["requirements"]).output
    assert (ROOT / "docs" / "requirements.md").read_text() == made, AGAIN


def test_a_requirement_without_a_test_is_open_whatever_is_said() -> None:
    assert state({"text": "x"}, []) == "open"
    assert state({"missing": "half"}, []) == "open"
    assert state({"missing": "half"}, ["t"]) == "in part"
    assert state({}, ["t"]) == "met"


def test_a_test_cannot_show_what_nobody_required() -> None:
    with pytest.raises(KeyError, match="RQ-99"):
        document(tomllib.loads(REQUIREMENTS.read_text()), {"RQ-99": ["t"]})
