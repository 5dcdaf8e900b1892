"""Whatever arrives is answered in words: the API fuzzed from its own OpenAPI document.

Every operation gets what its schema allows and what it does not; none may answer 5xx, and each
answer has the shape, the status and the content type that the document promises. What the schema
allows may still be refused: a product that is not in the list, a vial that is not there.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from radiopharm.application import create_app
from radiopharm.store import migrations
from tests import hospital
from tests.conftest import StandingClock

EXAMPLES = int(os.environ.get("RADIOPHARM_FUZZ_EXAMPLES", "6"))
EVERYONE = {"Authorization": f"Bearer {hospital.TOKENS['everyone']}"}


FOLDER = Path(tempfile.mkdtemp(prefix="rp-fuzz-"))
APP = create_app(hospital.settings(f"sqlite:///{FOLDER}/fuzz.db", FOLDER), clock=StandingClock())
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"missing_required_header": {"expected-statuses": [401, 403, 404, 422, 428]}}}
)
api = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", APP, config=CONFIG).exclude(
    path_regex="bundle.zip$"  # fifteen papers each time; tests/web/test_registers.py asks for it
)


@pytest.fixture(scope="module", autouse=True)
def database() -> Iterator[None]:
    """A vial and a directive to find; the application is made before, so that tests can be listed
    by operation."""
    runtime = APP.extensions["radiopharm"]
    migrations.upgrade(runtime.engine)
    hospital.found(runtime.engine)
    hospital.accepted(runtime)
    hospital.directive(runtime)
    yield
    runtime.engine.dispose()
    shutil.rmtree(FOLDER)


@api.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@pytest.mark.timeout(600)
def test_every_operation_answers_in_words(case: schemathesis.Case) -> None:
    case.call_and_validate(headers=EVERYONE, excluded_checks=[positive_data_acceptance])
