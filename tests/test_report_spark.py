"""The finance report on a real Spark with workers in processes of their own: as on DuckDB, at six decimals."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from bill_files import NET, at_six_decimals, csv_of_two, parquet
from test_report import EVERY_TYPE, line, write_csv

Ask = Callable[..., Answer]
pytestmark = [pytest.mark.filterwarnings("ignore::ResourceWarning"), pytest.mark.xdist_group("spark")]
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
            "spark.log.level": "OFF",
            "spark.ui.showConsoleProgress": "false",
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


def test_the_workers_are_processes_of_their_own(cluster: Any) -> None:
    assert cluster.sparkContext.master.startswith("local-cluster[2")
    # Two executors beside the driver.
    assert cluster.sparkContext._jsc.sc().statusTracker().getExecutorInfos().__len__() >= 2


def test_two_months_of_csv_with_other_columns_each_are_the_same(cluster: Any, ask: Ask, tmp_path: Path) -> None:
    both(ask, *csv_of_two(tmp_path / "two"))


def test_parquet_with_maps_doubles_and_timestamps_is_the_same(cluster: Any, ask: Ask, tmp_path: Path) -> None:
    both(ask, parquet(tmp_path / "maps", [*EVERY_TYPE, *NET]))


def test_a_table_of_the_catalog_is_reported_like_files(cluster: Any, ask: Ask, tmp_path: Path) -> None:
    folder = parquet(tmp_path / "lake", EVERY_TYPE)
    cluster.read.parquet(f"file://{folder}/bill.parquet").createOrReplaceTempView("cur")
    here = ask("report", folder, *BOTH)
    there = ask("report", "--engine", "spark", "--table", "cur", *BOTH)
    assert at_six_decimals(there) == at_six_decimals(here)


@pytest.mark.parametrize("cost", ["a lot", "1e30"])
def test_what_is_no_amount_is_an_error_and_not_a_null(cluster: Any, ask: Ask, tmp_path: Path, cost: str) -> None:
    path = write_csv(tmp_path / "bill.csv", [line("Usage", "1"), line("Usage", cost)])
    answer = ask("report", path, "--engine", "spark")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK601"])
