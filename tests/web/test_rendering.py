"""Nothing is rendered while the database is being read.

The frame of a page reads too; a second connection inside the first waits for a writer that waits
for the first.
"""

import ast
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "radiopharm" / "web"


@pytest.mark.parametrize("module", sorted(WEB.glob("*.py")), ids=lambda path: path.stem)
def test_a_page_is_rendered_after_its_reading(module: Path) -> None:
    blocks = [
        node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.With)
    ]
    called = [call for block in blocks for call in ast.walk(block) if isinstance(call, ast.Call)]
    assert "render_template" not in [ast.unparse(call.func) for call in called]
