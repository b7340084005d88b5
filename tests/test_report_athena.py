"""The finance report on Athena: boto3 against a service on loopback that runs each query, and Trino's grammar."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
import sqlglot
from asking import Answer
from athena_server import AthenaServer
from bill_files import NET, SEPTEMBER, THEN, WHOLE, at_six_decimals, parquet, typed_sql
from conftest import ROOT
from test_report import EVERY_TYPE, write_csv

Ask = Callable[..., Answer]
ROWS = [*EVERY_TYPE, *(row | SEPTEMBER for row in NET)]
BY = ("--by", "account,service,tag:team", "--previous", "-f", "json")
ATHENA = ("--engine", "athena", "--table", "db.cur", "--workgroup", "finance", "--output", "s3://results/here/")


@pytest.fixture
def athena(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AthenaServer]:
    database = duckdb.connect()
    database.execute("SET GLOBAL TimeZone = 'UTC'")
    database.execute("CREATE SCHEMA db")
    database.execute(f"CREATE TABLE db.cur AS {typed_sql(write_csv(tmp_path / 'rows.txt', ROWS))}")
    server = AthenaServer(database)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    yield server
    server.close()
    database.close()


def test_a_table_in_the_lake_is_reported_like_files(athena: AthenaServer, ask: Ask, tmp_path: Path) -> None:
    here = ask("report", parquet(tmp_path / "files", ROWS), *BY)
    there = ask("report", *ATHENA, *BY)
    assert (here.code, there.code) == (0, 0), there.err
    assert at_six_decimals(there) == at_six_decimals(here)
    started = [request for operation, request in athena.requests if operation == "StartQueryExecution"]
    assert {request["WorkGroup"] for request in started} == {"finance"}
    assert {request["ResultConfiguration"]["OutputLocation"] for request in started} == {"s3://results/here/"}
    # The columns, the net months, refunds of savings plans, and the sums: 1,000,000 bytes each.
    assert len(started) == 4
    assert "Athena scanned 4,000,000 bytes; what that costs is unknown" in there.err


def test_owners_budgets_forecast_and_unusual_days_are_the_same(athena: AthenaServer, ask: Ask) -> None:
    bill = ROOT / "examples" / "bill.csv"
    athena.database.execute(f"CREATE TABLE db.example AS SELECT * FROM read_csv('{bill}', all_varchar = true)")
    here = ask("report", str(bill), *WHOLE, **THEN)
    there = ask("report", "--engine", "athena", "--table", "db.example", *WHOLE, **THEN)
    assert (here.code, there.code) == (0, 0), there.err
    assert at_six_decimals(there) == at_six_decimals(here)
    assert (len(there.tree["forecasts"]), len(there.tree["anomalies"]["found"])) == (1, 2)
    # Whatever is asked for beside the rows comes out of the same sums: the bill has no net columns to look at first.
    assert [operation for operation, _ in athena.requests].count("StartQueryExecution") == 2
    for sql in athena.queries:
        sqlglot.parse_one(sql, read="trino", error_level=sqlglot.ErrorLevel.RAISE)


@pytest.mark.parametrize("asked", [("--rerate",), ("--estimate", "spec.yaml", "--match", "tag:team")])
def test_other_prices_and_an_estimate_are_the_same_beside_a_table(
    athena: AthenaServer, ask: Ask, tmp_path: Path, asked: tuple[str, ...]
) -> None:
    spec = "version: 1\nregion: us-east-1\nresources: {ip: {type: public_ipv4, tags: {team: web}}}\n"
    (tmp_path / "spec.yaml").write_text(spec, encoding="utf-8")
    more = (*asked, "--on", "2026-11-21", "-f", "csv")
    here, there = ask("report", parquet(tmp_path / "files", ROWS), *more), ask("report", *ATHENA, *more)
    assert (there.code, there.out) == (0, here.out), there.err
    assert "Athena scanned 4,000,000 bytes" in there.err


def test_every_text_that_athena_is_sent_is_trino(athena: AthenaServer, ask: Ask) -> None:
    assert ask("report", *ATHENA, *BY).code == 0
    for sql in athena.queries:
        [tree] = sqlglot.parse(sql, read="trino", error_level=sqlglot.ErrorLevel.RAISE)
        assert tree is not None
        assert "[" not in tree.sql(dialect="trino")  # a key that is not in a map would be an error


def test_a_throttled_query_is_asked_again(athena: AthenaServer, ask: Ask) -> None:
    athena.troubles = {
        "GetQueryExecution": ["ThrottlingException"],
        "StartQueryExecution": ["TooManyRequestsException"],
    }
    assert ask("report", *ATHENA).code == 0


@pytest.mark.parametrize(("end", "word"), [("FAILED", "failed"), ("CANCELLED", "was cancelled")])
def test_a_query_that_does_not_succeed_is_told(athena: AthenaServer, ask: Ask, end: str, word: str) -> None:
    athena.ends = ["SUCCEEDED", end]
    answer = ask("report", *ATHENA)
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK620"])
    assert f"the query query-2 {word}: the line" in answer.err


def test_a_query_that_athena_refuses_is_told(athena: AthenaServer, ask: Ask) -> None:
    athena.troubles = {"StartQueryExecution": ["AccessDeniedException"]}
    answer = ask("report", *ATHENA)
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK620"])
    assert "Athena refuses" in answer.err


def test_a_query_that_is_interrupted_is_stopped_at_athena(
    athena: AthenaServer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(looks: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("costkit.cli.report_engine._pause", interrupted)
    assert ask("report", *ATHENA).code == 130
    assert "StopQueryExecution" in [operation for operation, _ in athena.requests]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--engine", "athena"),
        ("--table", "db.cur"),
        ("bill.csv", "--engine", "athena", "--table", "db.cur"),
        ("--engine", "athena", "--table", "db.cur; DROP TABLE x"),
        ("bill.csv", "--output", "s3://results/"),
        (),
    ],
)
def test_options_that_do_not_go_together_are_told(athena: AthenaServer, ask: Ask, arguments: tuple[str, ...]) -> None:
    answer = ask("report", *arguments)
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK620"])
    assert not athena.requests
