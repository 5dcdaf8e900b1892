"""A rule pack is read whole or refused with its file, its table and the reason."""

from datetime import date
from pathlib import Path

import pytest

from radiopharm.reference.rule_packs import read_rule_packs
from radiopharm.reference.toml_tables import BadReference
from tests.core.making_waste import CONFIG, PACKS

US_DIS = (CONFIG / "rules" / "us-dis.toml").read_text(encoding="utf-8")


def test_the_packs_of_the_house() -> None:
    assert set(PACKS) == {"us-dis", "house-ten-half-lives", "us-licence-condition"}
    assert PACKS["us-dis"].effective_from == date(2002, 10, 24)
    assert [leg.kind for leg in PACKS["us-dis"].legs] == ["half_life_limit", "survey"]
    assert "n_half_lives" not in {leg.kind for leg in PACKS["us-dis"].legs}


@pytest.mark.parametrize(
    ("was", "becomes", "table", "reason"),
    [
        ('kind = "survey"', 'kind = "guess"', "legs[1]", "kind is one of"),
        ('operator = "<="', 'operator = ">="', "legs[0]", "operator is <= or <, not >="),
        ('unit = "d"', 'unit = "h"', "legs[0]", "unit is d, not h"),
        ('limit = "120"', "limit = 120.0", "legs[0]", "limit is not what it should be"),
        ('limit = "120"', 'limit = "0"', "legs[0]", "limit is more than zero"),
        ('limit = "120"', 'limit = "NaN"', "legs[0]", "plain number"),
        ('limit = "120"\n', "", "legs[0]", "limit is missing"),
        ('limit = "120"', 'limit = "120"\nlimits = 1', "legs[0]", "unknown: limits"),
        ('status = "unverified"', 'status = "perhaps"', "legs[0]", "perhaps"),
        ('clause = "10 CFR 35.92(a)"', 'clause = " "', "legs[0]", "clause is empty"),
        ('code = "survey"', 'code = "half_life"', "", "two legs have the same code"),
        ('code = "us-dis"', 'code = "us"', "", "must be us-dis, not us"),
        ("effective_from = 2002-10-24", "", "", "effective_from is missing"),
        (US_DIS[US_DIS.index("[[legs]]") :], "", "", "without legs"),
    ],
)
def test_a_pack_that_cannot_be_used_is_refused(
    tmp_path: Path, was: str, becomes: str, table: str, reason: str
) -> None:
    assert was in US_DIS
    (tmp_path / "us-dis.toml").write_text(US_DIS.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(BadReference, match=r"us-dis\.toml") as caught:
        read_rule_packs(tmp_path)
    assert f"[{table}]" in str(caught.value)
    assert reason in str(caught.value)
