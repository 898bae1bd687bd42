"""The databases that tests are given."""

from sqlalchemy import create_engine, inspect, make_url, text

from tests.postgres import Server


def create_table(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (id INTEGER)"))
    tables = inspect(engine).get_table_names()
    engine.dispose()
    return tables


def test_a_test_has_a_database_that_it_can_fill(database_url: str) -> None:
    assert create_table(database_url) == ["seen"]


def test_the_next_test_finds_nothing_of_it(database_url: str) -> None:
    engine = create_engine(database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_database_can_be_copied_from_a_prepared_one(postgres_server: Server) -> None:
    prepared = postgres_server.create()
    create_table(prepared.render_as_string(hide_password=False))
    copied = postgres_server.create(template=str(prepared.database))
    engine = create_engine(copied)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    postgres_server.drop(copied)
    postgres_server.drop(prepared)
    assert tables == ["seen"]


def test_both_engines_are_told_apart_by_their_url(database_url: str) -> None:
    assert make_url(database_url).drivername in {"sqlite", "postgresql+psycopg"}
