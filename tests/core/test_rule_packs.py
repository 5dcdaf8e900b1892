"""A rule pack is read whole or refused with its file, its table and the reason."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from radiopharm.core.rule_packs import KINDS, exempt_activities
from radiopharm.reference.rule_packs import read_rule_packs
from radiopharm.reference.toml_tables import BadReference
from tests.core.making_rules import make_pack, make_rule
from tests.core.making_waste import CONFIG, PACKS, START

US_DIS = (CONFIG / "rules" / "us-dis.toml").read_text(encoding="utf-8")


def test_the_packs_of_the_house() -> None:
    assert set(PACKS) >= {"us-dis", "house-ten-half-lives", "us-licence-condition"}
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


DE = (CONFIG / "rules" / "de-clearance.toml").read_text(encoding="utf-8")
FR = (CONFIG / "rules" / "fr-decay.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "was", "becomes", "table", "reason"),
    [
        (DE, 'Lu-177 = "100"', 'Lu-177 = "0"', "tables.clearance.limits", "more than zero"),
        (DE, 'Lu-177 = "100"', 'Lu177 = "100"', "tables.clearance", "write Lu-177, not Lu177"),
        (DE, 'Lu-177 = "100"', "Lu-177 = 100", "tables.clearance.limits", "not what it should be"),
        (DE, 'unit = "Bq/g"', 'unit = "Bq"', "legs[1]", "needs a table in Bq/g"),
        (DE, 'table = "clearance"', 'table = "other"', "legs[1]", "there is no table other"),
        (DE, 'table = "clearance"\n', "", "legs[1]", "needs a table in Bq/g"),
        (DE, 'leave_out = "0.1"', 'progeny_ratio = "0.1"', "legs[1]", "does not belong"),
        (DE, 'leave_out = "0.1"', 'leave_out = "0.1"\nprogeny_ratio = "0.1"', "legs[1]",
         "progeny_ratio does not belong"),
        (FR, 'code = "survey"', 'code = "survey"\nleave_out = "1"\naveraging_mass_g = "1"',
         "legs[3]", "averaging_mass_g, leave_out does not belong"),
        (DE, 'leave_out = "0.1"', 'leave_out = "0"', "legs[1]", "leave_out is more than zero"),
        (DE, "[tables.clearance.covers]\n", '[tables.clearance.covers]\nRa-223 = "Rn-219"\n',
         "tables.clearance", "covers daughters without a limit: Ra-223"),
        (DE, 'unit = "Bq/g"', 'unit = "Bq/g"\nunlisted = ["Lu-177"]',
         "tables.clearance", "both listed and unlisted: Lu-177"),
        (DE, 'unit = "Bq/g"', 'unit = "Bq/g"\ndefaults = { all = "1" }',
         "tables.clearance", "a default is for"),
        (FR, 'progeny_ratio = "0.0000001"\n', "", "legs[1]", "progeny_ratio is missing"),
        (FR, 'code = "survey"', 'code = "survey"\ntable = "x"', "legs[3]", "there is no table x"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_refused_by_line(
    tmp_path: Path, text: str, was: str, becomes: str, table: str, reason: str
) -> None:
    assert was in text
    changed = text.replace(was, becomes, 1)
    name = "de-clearance.toml" if text is DE else "fr-decay.toml"
    (tmp_path / name).write_text(changed, encoding="utf-8")
    with pytest.raises(BadReference) as caught:
        read_rule_packs(tmp_path)
    kind, _, number = table.partition("[")
    headers = [n for n, line in enumerate(changed.splitlines(), 1) if line.strip("[]") == kind]
    line = headers[int(number.rstrip("]") or 0)]
    assert str(caught.value).startswith(f"{name}, line {line}, table [{table}]: ")
    assert reason in str(caught.value)


def test_a_table_that_no_leg_uses_is_a_mistake(tmp_path: Path) -> None:
    second = DE.replace("tables.clearance", "tables.second").partition("[tables.second]")
    text = DE + "\n" + second[1] + second[2]
    (tmp_path / "de-clearance.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadReference, match="no leg uses the table second"):
        read_rule_packs(tmp_path)


def test_a_pack_names_only_a_pack_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "us-dis.toml").write_text(US_DIS, encoding="utf-8")
    with pytest.raises(BadReference, match="no pack eu-exemption-activity"):
        read_rule_packs(tmp_path)


def test_a_later_edition_is_a_file_with_its_date(tmp_path: Path) -> None:
    shutil.copy(CONFIG / "rules" / "eu-exemption-activity.toml", tmp_path)
    later = US_DIS.replace("2002-10-24", "2030-01-01").replace('"120"', '"100"')
    (tmp_path / "us-dis.2030-01-01.toml").write_text(later, encoding="utf-8")
    (tmp_path / "us-dis.toml").write_text(US_DIS, encoding="utf-8")
    editions = read_rule_packs(tmp_path)["us-dis"]
    assert [pack.edition for pack in editions] == ["2002-10-24", "2030-01-01"]
    assert [f"{pack.legs[0].limit}" for pack in editions] == ["120", "100"]


def test_two_editions_of_one_date_are_refused(tmp_path: Path) -> None:
    for name in ("us-dis.toml", "us-dis.2002-10-24.toml"):
        (tmp_path / name).write_text(US_DIS, encoding="utf-8")
    with pytest.raises(BadReference, match="two editions"):
        read_rule_packs(tmp_path)


def test_no_waiting_makes_a_reading_or_a_decision_pass() -> None:
    stay = {code for code, kind in KINDS.items() if not kind.waits}
    assert stay == {"survey", "dose_rate", "authority_decision"}


def test_a_pack_asks_for_one_signature_and_no_other_pack_unless_it_says_so() -> None:
    pack = make_pack(make_rule("survey"))
    assert (pack.two_people, pack.exempt, pack.tables) == (False, "", ())


@pytest.mark.parametrize(("names", "found"), [("exempt", True), ("", False)])
def test_the_activities_of_exemption_are_the_table_in_becquerels_of_the_pack_named(
    names: str, found: bool
) -> None:
    weighed = make_rule("concentration", {"Lu-177": "100"})
    counted = make_rule("total_activity", {"Lu-177": "10000000"})
    exempt = replace(make_pack(weighed, counted), code="exempt")
    asking = replace(make_pack(make_rule("survey")), exempt=names)
    table = exempt_activities({"exempt": (exempt,), "test": (asking,)}, asking, START)
    assert table == (counted.table if found else None)
