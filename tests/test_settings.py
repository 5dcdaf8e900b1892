"""Settings that cannot be used are refused by name, with what they must be."""

from pathlib import Path

import pytest

from config.settings import BadSetting, from_environment

KEY = "k" * 32
REMOTE = "postgresql://radiopharm@db/radiopharm"


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"RADIOPHARM_SECRET_KEY": "short"}, "RADIOPHARM_SECRET_KEY"),
        ({"RADIOPHARM_SECRET_KEY": KEY[:-1]}, "RADIOPHARM_SECRET_KEY"),
        ({"RADIOPHARM_SECRET_KEY_FILE": "/nowhere"}, "RADIOPHARM_SECRET_KEY_FILE"),
        ({"RADIOPHARM_AUDIT_KEY": "short"}, "RADIOPHARM_AUDIT_KEY"),
        ({"RADIOPHARM_DATABASE_URL": REMOTE}, "RADIOPHARM_SECRET_KEY"),
        (
            {"RADIOPHARM_DATABASE_URL": REMOTE, "RADIOPHARM_SECRET_KEY": KEY},
            "RADIOPHARM_IDENTITY_KEY",
        ),
        ({"RADIOPHARM_DATABASE_URL": "mysql://db/x"}, "RADIOPHARM_DATABASE_URL"),
        ({"RADIOPHARM_DATABASE_URL": "postgres://db/x"}, "RADIOPHARM_DATABASE_URL"),
        ({"RADIOPHARM_DATABASE_URL": "sqlite://"}, "RADIOPHARM_DATABASE_URL"),
        ({"RADIOPHARM_SITE_ZONE": "Madrid"}, "RADIOPHARM_SITE_ZONE"),
        ({"RADIOPHARM_HTTPS": "yes"}, "RADIOPHARM_HTTPS"),
        ({"RADIOPHARM_SNAPSHOT_MINUTES": "0"}, "RADIOPHARM_SNAPSHOT_MINUTES"),
        ({"RADIOPHARM_SESSION_HOURS": "25"}, "RADIOPHARM_SESSION_HOURS"),
        ({"RADIOPHARM_LOCKED_MINUTES": "½"}, "RADIOPHARM_LOCKED_MINUTES"),
        ({"RADIOPHARM_RETIRED_SEAL_KEYS": "ab@2026-06-01Z"}, "RADIOPHARM_RETIRED_SEAL_KEYS"),
        (
            {"RADIOPHARM_RETIRED_SEAL_KEYS": "ab" * 32 + "@2026-06-01"},
            "RADIOPHARM_RETIRED_SEAL_KEYS",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    environ: dict[str, str], named: str, tmp_path: Path
) -> None:
    usual = {"RADIOPHARM_DATABASE_URL": f"sqlite:///{tmp_path}/radiopharm.db"}
    with pytest.raises(BadSetting, match=rf"^{named}\b"):
        from_environment({**usual, **environ})


def test_an_embedded_database_makes_its_own_key_for_its_owner_only(tmp_path: Path) -> None:
    environ = {"RADIOPHARM_DATABASE_URL": f"sqlite:///{tmp_path}/radiopharm.db"}
    first, second = from_environment(environ), from_environment(environ)
    assert first.secret_key == second.secret_key
    assert first.identity_key not in (first.secret_key.encode(), first.audit_key)
    for name in ("secret_key", "identity_key"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_a_key_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    environ = {
        "RADIOPHARM_DATABASE_URL": REMOTE,
        "RADIOPHARM_SECRET_KEY_FILE": str(tmp_path / "key"),
        "RADIOPHARM_IDENTITY_KEY": KEY,
    }
    assert from_environment(environ).secret_key == KEY
