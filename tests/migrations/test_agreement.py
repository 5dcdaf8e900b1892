"""Tables and migrations say the same."""

from radiopharm.store import make_engine, migrations


def test_the_migrated_database_has_the_tables_the_program_expects(url: str) -> None:
    engine = make_engine(url)
    found = migrations.differences(engine)
    engine.dispose()
    assert found == []
