"""The finance report on a real Spark with workers in processes of their own: as on DuckDB, at six decimals."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from bill_files import NET, THEN, WHOLE, at_six_decimals, csv_of_two, parquet
from conftest import ROOT
from test_report import EVERY_TYPE, line, write_csv

Ask = Callable[..., Answer]
pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore::ResourceWarning")]
BOTH = ("--by", "account,service,tag:team", "--previous", "-f", "json")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A master and two workers on loopback."""
    import pyspark
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", os.path.dirname(pyspark.__file__))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        settings = {
            "spark.ui.enabled": "false",
            "spark.executor.memory": "512m",
            "spark.sql.shuffle.partitions": "2",
            # No job starts on one worker while the other is still coming up.
            "spark.scheduler.minRegisteredResourcesRatio": "1.0",
            "spark.scheduler.maxRegisteredResourcesWaitingTime": "120s",
            "spark.log.level": "OFF",
            "spark.ui.showConsoleProgress": "false",
            # Few rows: compiling is what would take the time.
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        }
        builder = SparkSession.builder.master("local-cluster[2,1,1024]").config(map=settings)
        session = builder.getOrCreate()
        yield session
        session.stop()


def both(ask: Ask, *arguments: str) -> None:
    here = ask("report", *arguments, *BOTH)
    there = ask("report", *arguments, *BOTH, "--engine", "spark")
    assert (here.code, there.code) == (0, 0), there.err
    assert at_six_decimals(there) == at_six_decimals(here)
    assert there.err.splitlines()[-1] == here.err.splitlines()[-1]


def whole_is_the_same(ask: Ask) -> None:
    """Owners, budgets, forecast and unusual days; an open month with two findings, so that equal is not empty."""
    bill = str(ROOT / "examples" / "bill.csv")
    here, there = (ask("report", bill, *WHOLE, *engine, **THEN) for engine in ((), ("--engine", "spark")))
    assert (here.code, there.code) == (0, 0), there.err
    assert at_six_decimals(there) == at_six_decimals(here)
    assert (len(there.tree["forecasts"]), len(there.tree["anomalies"]["found"])) == (1, 2)


# One test, so that one cluster is started however tests are spread over processes.
def test_reports_on_two_workers_are_those_of_duckdb(cluster: Any, ask: Ask, tmp_path: Path) -> None:
    both(ask, *csv_of_two(tmp_path / "two"))  # two months with other columns each
    both(ask, parquet(tmp_path / "maps", [*EVERY_TYPE, *NET]))  # maps, doubles and timestamps
    whole_is_the_same(ask)

    folder = parquet(tmp_path / "lake", EVERY_TYPE)
    cluster.read.parquet(f"file://{folder}/bill.parquet").createOrReplaceTempView("cur")
    there = ask("report", "--engine", "spark", "--table", "cur", *BOTH)
    assert at_six_decimals(there) == at_six_decimals(ask("report", folder, *BOTH))

    asked = (parquet(tmp_path / "prices", EVERY_TYPE), "--rerate", "--on", "2026-11-21", "-f", "csv")
    here, there = ask("report", *asked), ask("report", *asked, "--engine", "spark")
    assert (there.code, there.out) == (0, here.out), there.err

    for cost in ("a lot", "1e30"):
        path = write_csv(tmp_path / "bill.csv", [line("Usage", "1"), line("Usage", cost)])
        answer = ask("report", path, "--engine", "spark")
        assert (answer.code, [told.code for told in answer.told]) == (2, ["CK601"])  # an error, and not a null

    executors = cluster.sparkContext._jsc.sc().statusTracker().getExecutorInfos()
    assert len(executors) == 3  # the driver, and two workers in processes of their own
