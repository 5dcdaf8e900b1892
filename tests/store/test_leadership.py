"""A scheduler waits for its database as it waits for another leader."""

import sqlalchemy as sa

from radiopharm.store.leadership import Leadership


def test_nobody_leads_while_the_database_is_gone(postgres_url: str) -> None:
    away = sa.create_engine(sa.make_url(postgres_url).set(database="not_there_yet"))
    assert not Leadership(away).take()


def test_one_leads_and_the_next_takes_over(postgres_url: str) -> None:
    engine = sa.create_engine(postgres_url)
    first, second = Leadership(engine), Leadership(engine)
    assert (first.take(), second.take()) == (True, False)
    first.leave()
    assert second.take()
    second.leave()
    engine.dispose()
