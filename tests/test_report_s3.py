"""Bills in S3, on a server on loopback that keeps objects as S3 does."""

import gzip
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Answer
from test_report import EVERY_TYPE, TOTAL, line, totals, write_csv

from costkit.billing.s3 import fetch
from costkit.model.problem import CostkitError

Ask = Callable[..., Answer]
CSV = ("--month", "2026-10", "-f", "csv")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A client of the server, and an environment that leads the command line there."""
    import boto3
    import requests

    requests.post(f"{server}/moto-api/reset", timeout=10)
    settings = {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="bills")
    return client


@pytest.fixture
def cached(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    environment["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    return environment


def put(s3: Any, tmp_path: Path, key: str, rows: list[dict[str, str]]) -> None:
    s3.upload_file(write_csv(tmp_path / "local.csv.gz", rows), "bills", key)


def gets(s3: Any) -> list[str]:
    """The keys that are fetched from now on."""
    keys: list[str] = []
    s3.meta.events.register("before-call.s3.GetObject", lambda params, **_: keys.append(params["url_path"]))
    return keys


def ignored(done: int, total: int) -> None:
    return


def test_a_bill_is_reported_from_where_aws_delivers_it(
    s3: Any, cached: dict[str, str], ask: Ask, tmp_path: Path
) -> None:
    put(s3, tmp_path, "cur/data/BILLING_PERIOD=2026-10/cur-00001.csv.gz", EVERY_TYPE[:5])
    put(s3, tmp_path, "cur/data/BILLING_PERIOD=2026-10/cur-00002.csv.gz", EVERY_TYPE[5:])
    put(s3, tmp_path, "cur-of-others/data/BILLING_PERIOD=2026-10/x.csv.gz", EVERY_TYPE)
    answer = ask("report", "s3://bills/cur", *CSV)
    assert answer.code == 0, answer.err
    assert totals(answer) == TOTAL
    one = ask("report", "s3://bills/cur-of-others/data/BILLING_PERIOD=2026-10/x.csv.gz", *CSV)
    assert totals(one) == TOTAL


def test_an_object_that_has_not_changed_is_not_fetched_twice(s3: Any, tmp_path: Path) -> None:
    put(s3, tmp_path, "cur/a.csv.gz", EVERY_TYPE)
    put(s3, tmp_path, "cur/b.csv.gz", [line("Tax", "1")])
    keys = gets(s3)
    folder = fetch(s3, "s3://bills/cur", str(tmp_path / "cache"), ignored)
    assert len(keys) == 2
    assert fetch(s3, "s3://bills/cur/", str(tmp_path / "cache"), ignored)
    put(s3, tmp_path, "cur/b.csv.gz", [line("Tax", "2")])
    keys.clear()
    assert fetch(s3, "s3://bills/cur", str(tmp_path / "cache"), ignored) == folder
    assert [key.rpartition("/")[2] for key in keys] == ["b.csv.gz"]
    assert b"Tax" in gzip.decompress((Path(folder) / "cur" / "b.csv.gz").read_bytes())


def test_an_object_that_is_gone_is_not_counted_any_more(s3: Any, tmp_path: Path) -> None:
    put(s3, tmp_path, "cur/a.csv.gz", EVERY_TYPE)
    put(s3, tmp_path, "cur/b.csv.gz", EVERY_TYPE)
    folder = Path(fetch(s3, "s3://bills/cur", str(tmp_path / "cache"), ignored))
    s3.delete_object(Bucket="bills", Key="cur/b.csv.gz")
    fetch(s3, "s3://bills/cur", str(tmp_path / "cache"), ignored)
    assert [path.name for path in folder.rglob("*.gz")] == ["a.csv.gz"]


def test_a_file_that_was_cut_short_is_fetched_again(s3: Any, tmp_path: Path) -> None:
    put(s3, tmp_path, "cur/a.csv.gz", EVERY_TYPE)
    folder = Path(fetch(s3, "s3://bills/cur", str(tmp_path / "cache"), ignored))
    [path] = folder.rglob("*.gz")
    whole = path.read_bytes()
    path.write_bytes(whole[:20])
    fetch(s3, "s3://bills/cur", str(tmp_path / "cache"), ignored)
    assert path.read_bytes() == whole


def test_what_breaks_off_leaves_no_file_behind(s3: Any, tmp_path: Path) -> None:
    put(s3, tmp_path, "cur/a.csv.gz", EVERY_TYPE)

    def broken(done: int, total: int) -> None:
        raise OSError("the line is dead")

    with pytest.raises(CostkitError, match="the line is dead"):
        fetch(s3, "s3://bills/cur", str(tmp_path / "cache"), broken)
    assert [path.name for path in (tmp_path / "cache").rglob("*") if path.is_file()] == [".fetched.json"]


def test_progress_goes_up_to_the_whole(s3: Any, tmp_path: Path) -> None:
    put(s3, tmp_path, "cur/a.csv.gz", EVERY_TYPE)
    put(s3, tmp_path, "cur/b.csv.gz", EVERY_TYPE[:1])
    seen: list[tuple[int, int]] = []
    fetch(s3, "s3://bills/cur", str(tmp_path / "cache"), lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


@pytest.mark.parametrize("key", ["cur/../../../out.csv", "cur/..%2f/x.csv", "/cur/a*.csv", "cur/.hidden/x.csv"])
def test_no_key_leads_out_of_the_cache(s3: Any, tmp_path: Path, key: str) -> None:
    s3.put_object(Bucket="bills", Key=key, Body=b"a,b\n")
    cache = tmp_path / "cache"
    fetch(s3, "s3://bills", str(cache), ignored)
    written = [path for path in tmp_path.rglob("*.csv") if path.is_file()]
    assert written
    assert all(os.path.realpath(path).startswith(f"{cache}{os.sep}") for path in written)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("s3://no-such-bucket/cur", "no such bucket"),
        ("s3://bills/nothing", "no bill is there"),
        ("s3://bills/zipped", "s3://bills/zipped/b.csv.zip: CK621 a zip archive is not read"),
    ],
)
def test_what_is_not_there_or_not_read_is_told(
    s3: Any, cached: dict[str, str], ask: Ask, tmp_path: Path, url: str, words: str
) -> None:
    put(s3, tmp_path, "zipped/a.csv.gz", EVERY_TYPE)
    s3.put_object(Bucket="bills", Key="zipped/b.csv.zip", Body=b"PK")
    answer = ask("report", url)
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK621"])
    assert words in answer.err


def test_without_credentials_the_way_out_is_told(
    s3: Any, cached: dict[str, str], ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    answer = ask("report", "s3://bills/cur")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK621"])
    assert "no AWS credentials" in answer.err


@pytest.fixture
def authorising(server: str) -> Iterator[None]:
    """The server asks what credentials may do; these may do nothing."""
    import requests

    requests.post(f"{server}/moto-api/reset-auth", data="0", timeout=10)
    yield
    requests.post(f"{server}/moto-api/reset-auth", data="inf", timeout=10)


@pytest.mark.usefixtures("s3", "cached", "authorising")
def test_a_denied_bucket_is_told(ask: Ask) -> None:
    answer = ask("report", "s3://bills/cur")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK621"])
    assert "credentials are not valid" in answer.err


@pytest.fixture
def nobody(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The credentials of a user without any policy."""
    import boto3

    iam = boto3.client("iam")
    iam.create_user(UserName="nobody")
    key = iam.create_access_key(UserName="nobody")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])


@pytest.mark.usefixtures("nobody", "cached", "authorising")
def test_a_policy_that_denies_is_told(ask: Ask) -> None:
    answer = ask("report", "s3://bills/cur")
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK621"])
    assert "access is denied" in answer.err
