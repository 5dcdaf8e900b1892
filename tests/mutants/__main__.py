"""`make mutants`: every mutant of the rules against the tests of core; survivors are named.

    python -m tests.mutants [--only sums,release] [--list]

Each mutant is a child process that has pytest loaded already, puts the mutated module in place of
the real one and runs the tests of core until the first fails. One that runs out of time is killed
too: a test would have hung. What survives and cannot be told from the original by anybody stands
in `equivalent.toml` with the reason; an entry that no mutant needs is an error as well.
"""

import argparse
import ast
import importlib.abc
import importlib.util
import os
import resource
import sys
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from types import CodeType

import hypothesis
import pytest

from tests.mutants.making import Key, Mutant, mutants

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CORE = ROOT / "radiopharm" / "core"
MODULES = (
    "release",
    "crossing",
    "half_life_legs",
    "activity_legs",
    "reading_legs",
    "sewer_legs",
    "legs",
    "leg_parts",
    "sums",
    "strands",
    "verdicts",
    "limit_tables",
    "rule_packs",
)
TESTS = (  # the quick ones first: most mutants are killed within a second
    "test_sums",
    "test_strands",
    "test_limit_tables",
    "test_crossing",
    "test_leg_words",
    "test_boundaries",
    "test_packs",
    "test_release",
    "test_rule_packs",
    "test_waste",
    "test_activity_legs",
    "test_drains",
)
CPU_S = 25  # the whole run takes a fraction of it
EXAMPLES = 8


class InPlace(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from given code, everything else as ever."""

    def __init__(self, name: str, code: CodeType) -> None:
        self.name, self.code = name, code

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: object) -> None:
        exec(self.code, vars(module))


def main() -> None:
    """Run the mutants asked for; the exit code is 1 where one survives unexplained."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(MODULES), help="modules of core")
    parser.add_argument("--list", action="store_true", help="count, run nothing")
    asked = parser.parse_args()
    found = [mutant for name in asked.only.split(",") for mutant in _of(name)]
    explained = equivalents(asked.only.split(","))
    _require_known(explained, found)
    print(f"{len(found)} mutants, {len(explained)} of them known to be no wrong", flush=True)
    if asked.list:
        return
    if _is_killed(unchanged(found[0].module)):
        sys.exit("the tests fail without any mutant")
    survivors = list(_survivors([mutant for mutant in found if mutant.key not in explained]))
    print(f"{len(survivors)} survived unexplained")
    sys.exit(1 if survivors else 0)


def equivalents(modules: Collection[str]) -> dict[Key, str]:
    """The mutants of *modules* that are no wrong at all, each with the reason."""
    said = tomllib.loads((HERE / "equivalent.toml").read_text())["equivalent"]
    return {
        (it["module"], it["where"], it["was"], it["becomes"], it.get("nth", 1)): it["because"]
        for it in said
        if it["module"] in modules
    }


def unchanged(name: str) -> Mutant:
    """No mutant: the module as it is."""
    tree = ast.parse((CORE / f"{name}.py").read_text())
    return Mutant(module=name, where="", line=0, was="", becomes="", nth=0, tree=tree)


def _require_known(explained: Collection[Key], found: Collection[Mutant]) -> None:
    if gone := set(explained) - {mutant.key for mutant in found}:
        sys.exit(f"equivalent.toml explains what is no mutant: {sorted(gone)}")


def _of(name: str) -> Iterator[Mutant]:
    return mutants(name, (CORE / f"{name}.py").read_text())


def _survivors(found: list[Mutant]) -> Iterator[Mutant]:
    for n, mutant in enumerate(found, 1):
        if not _is_killed(mutant):
            print(f"SURVIVED {mutant}", flush=True)
            yield mutant
        if n % 20 == 0:
            print(f"{n} of {len(found)}", flush=True)


def _is_killed(mutant: Mutant) -> bool:
    child = os.fork()
    if child == 0:
        os._exit(_tests_pass(mutant))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) != 0


def _tests_pass(mutant: Mutant) -> int:
    """0 if every test passes with the mutant in place: it has survived."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    name = f"radiopharm.core.{mutant.module}"
    try:
        code = compile(mutant.tree, str(CORE / f"{mutant.module}.py"), "exec")
    except SyntaxError:
        return 1
    sys.meta_path.insert(0, InPlace(name, code))
    hypothesis.settings.register_profile(
        "mutants", max_examples=EXAMPLES, derandomize=True, deadline=None, database=None
    )
    hypothesis.settings.load_profile("mutants")
    files = [str(ROOT / "tests" / "core" / f"{test}.py") for test in TESTS]
    options = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "--noconftest",
        "--timeout=0",
        "--assert=plain",
    ]
    return int(pytest.main([*options, *files]))


if __name__ == "__main__":
    main()
