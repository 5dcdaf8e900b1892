"""`flask requirements`: what was required, which tests show it, and what is still missing.

The tests are read as text, so that the command needs none of the developers' tools.
"""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from config.settings import ROOT

REQUIREMENTS = ROOT / "docs" / "requirements.toml"
TESTS = ROOT / "tests"
HEAD = """# What is required, and what shows it

Made by `flask --app wsgi requirements` from [requirements.toml](requirements.toml) and the markers
of the tests. **met**: tests show it. **in part**: tests show some of it, and what is missing is
said. **open**: nothing shows it yet. The letters name the source and are explained in that file.
"""


@click.command("requirements")
def requirements() -> None:
    """Print docs/requirements.md: each requirement with its tests, met, in part or open."""
    listed = tomllib.loads(REQUIREMENTS.read_text())
    click.echo(document(listed, shown(TESTS)), nl=False)


def document(listed: Mapping[str, Any], tests: Mapping[str, list[str]]) -> str:
    """The page; a `KeyError` names a requirement that a test shows and nobody listed."""
    for number in tests:
        listed[number]
    states = [state(it, tests.get(number, [])) for number, it in listed.items()]
    counted = ", ".join(f"{states.count(s)} {s}" for s in ("met", "in part", "open"))
    parts = [HEAD, f"\n{len(listed)} requirements: {counted}.\n"]
    for group, members in groupby(listed.items(), key=lambda pair: pair[1]["group"]):
        parts.append(f"\n## {group}\n")
        parts += [_entry(number, it, tests.get(number, [])) for number, it in members]
    return "".join(parts)


def state(requirement: Mapping[str, str], tests: list[str]) -> str:
    """met, in part or open."""
    if not tests:
        return "open"
    return "in part" if "missing" in requirement else "met"


def shown(folder: Path) -> dict[str, list[str]]:
    """Requirement → the tests marked with it, as sentences."""
    found = defaultdict(set)
    for file in sorted(folder.rglob("test_*.py")):
        for number, test in _marked(ast.parse(file.read_text())):
            found[number].add(test.removeprefix("test_").replace("_", " "))
    return {number: sorted(tests) for number, tests in found.items()}


def _marked(module: ast.Module) -> Iterator[tuple[str, str]]:
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef):
            for mark in function.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("requirement"):
                    yield from ((ast.literal_eval(each), function.name) for each in mark.args)


def _entry(number: str, requirement: Mapping[str, str], tests: list[str]) -> str:
    said = state(requirement, tests)
    lines = [f"\n**{number} · {said}** ({requirement['from']}) {requirement['text']}\n"]
    if said == "in part":
        lines.append(f"Missing: {requirement['missing']}\n")
    if tests:
        lines.append("\n")
    lines += [f"- {test}\n" for test in tests]
    return "".join(lines)
