"""A refresh that is killed, interrupted, refused by the disk or not alone leaves whole tables; a second run ends it."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from price_list import OfferFile, shipped_offer
from price_server import PriceServer, path_of, price_server

from costkit.pricebook.book import PriceBook
from costkit.pricebook.checking import check_directory

PRICING = ROOT / "pricing"


def dearer(book: PriceBook) -> OfferFile:
    """An EC2 offer in which volumes and NAT gateways cost a tenth more than shipped."""
    offer = shipped_offer(book, "AmazonEC2", "us-east-1")
    kept = {sku for sku, one in offer.products.items() if one["productFamily"] != "Compute Instance"}
    offer.products = {sku: offer.products[sku] for sku in kept}
    offer.terms = {"OnDemand": {sku: offer.terms["OnDemand"][sku] for sku in kept}, "Reserved": {}}
    for terms in offer.terms["OnDemand"].values():
        for term in terms.values():
            for one in term["priceDimensions"].values():
                one["pricePerUnit"]["USD"] = str(round(float(one["pricePerUnit"]["USD"]) * 1.1, 10))
    return offer


@pytest.fixture
def offered(tmp_path: Path, book: PriceBook) -> tuple[str, ...]:
    """A refresh that changes three files: the sources and two tables."""
    (tmp_path / "offer.json").write_bytes(dearer(book).json)
    tables = ("--table", "ebs_volume", "--table", "nat_gateway")
    return ("prices", "refresh", "--from", "offer.json", "--into", "tables", "--accept", *tables)


def texts(place: Path) -> dict[str, bytes]:
    return {file.relative_to(place).as_posix(): file.read_bytes() for file in place.rglob("*") if file.is_file()}


def whole_or_old(tables: Path, done: dict[str, bytes]) -> int:
    """Every file is as it was or as it is to be; returns how many are new. What is half written stands beside."""
    old = {name: (PRICING / name).read_bytes() for name in done}
    found = {name: text for name, text in texts(tables).items() if not name.endswith(".tmp")}
    assert set(found) == set(done)
    assert all(found[name] in (old[name], done[name]) for name in done)
    return sum(found[name] != old[name] for name in done)


@pytest.fixture
def done(ask: Any, tables: Path, tmp_path: Path, offered: tuple[str, ...]) -> dict[str, bytes]:
    """What the tables are after a refresh that nothing disturbs; they are put back as they were."""
    assert ask(*offered).code == 0
    found = texts(tables)
    shutil.rmtree(tables)
    shutil.copytree(PRICING, tables, ignore=shutil.ignore_patterns("compiled", "ec2_instance"))
    assert [name for name in found if found[name] != (PRICING / name).read_bytes()] != []
    return found


# Where a process dies: at the nth rename, or between the two halves of a write. os._exit is what a kill looks like.
KILLED = """
import os, sys
from costkit.cli.main import run
turn, at = int(sys.argv[1]), [0]
real = os.replace
def renamed(source, target):
    at[0] += 1
    if at[0] == turn:
        os._exit(137)
    real(source, target)
os.replace = renamed
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_process_that_is_killed_between_tables_leaves_them_whole(
    ask: Any,
    environment: dict[str, str],
    tables: Path,
    tmp_path: Path,
    done: dict[str, bytes],
    offered: tuple[str, ...],
    turn: int,
) -> None:
    killed = [sys.executable, "-c", KILLED, str(turn), *offered]
    # Compiled copies are renamed too; without a cache the renames are those of the tables.
    ended = subprocess.run(killed, cwd=tmp_path, env={**environment, "XDG_CACHE_HOME": "/dev/null"}, check=False)
    assert ended.returncode == 137
    assert whole_or_old(tables, done) == turn - 1
    assert not check_directory(str(tables)).problems
    assert ask(*offered).code == 0
    assert whole_or_old(tables, done) == 3
    assert ask(*offered).err.endswith("nothing to write\n")


@pytest.mark.parametrize("turn", [1, 2, 3])
@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_what_stops_a_write_leaves_no_half_of_it(
    ask: Any,
    tables: Path,
    done: dict[str, bytes],
    offered: tuple[str, ...],
    turn: int,
    fault: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renames, rename = [0], os.replace

    def stopped(source: Any, target: Any) -> None:
        if str(target).startswith(str(tables)):
            renames[0] += 1
            if renames[0] == turn:
                raise fault
        rename(source, target)

    monkeypatch.setattr("os.replace", stopped)
    assert ask(*offered).code == (130 if fault is KeyboardInterrupt else 2)
    monkeypatch.undo()
    monkeypatch.chdir(tables.parent)
    assert whole_or_old(tables, done) == turn - 1
    assert not list(tables.rglob("*.tmp"))
    assert ask(*offered).code == 0
    assert whole_or_old(tables, done) == 3


def test_a_directory_that_cannot_be_written_is_said_and_nothing_is_lost(
    command: Any, tables: Path, done: dict[str, bytes], offered: tuple[str, ...]
) -> None:
    # To root nothing is read-only; a file in the place of the directory is refused to everybody.
    into = tables / "ebs_volume.yaml" / "inner"
    line = [str(into) if word == "tables" else word for word in offered]
    answer = command(*line)
    assert answer.code == 2
    assert "CK116" in answer.err
    assert whole_or_old(tables, done) == 0


def test_two_at_once_end_as_one(
    ask: Any,
    environment: dict[str, str],
    tables: Path,
    tmp_path: Path,
    done: dict[str, bytes],
    offered: tuple[str, ...],
) -> None:
    line = [sys.executable, "-m", "costkit", *offered]
    both = [subprocess.Popen(line, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [one.communicate(timeout=120)[1] for one in both]
    assert {one.returncode for one in both} <= {0, 2}, told
    assert all("CK215" in said for one, said in zip(both, told, strict=True) if one.returncode)
    assert 0 in {one.returncode for one in both}
    assert whole_or_old(tables, done) == 3


def test_a_table_that_somebody_saves_meanwhile_is_not_overwritten(
    ask: Any, tables: Path, offered: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = tables / "nat_gateway.yaml"
    rename = os.replace

    def renamed(source: Any, target: Any) -> None:
        rename(source, target)
        if str(target).endswith("ebs_volume.yaml"):
            saved.write_text(saved.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")

    monkeypatch.setattr("os.replace", renamed)
    answer = ask(*offered)
    assert (answer.code, [told.code for told in answer.told]) == (2, ["CK215"])
    assert saved.read_text(encoding="utf-8") == (PRICING / "nat_gateway.yaml").read_text(encoding="utf-8") + "# mine\n"


def test_what_was_kept_of_a_broken_run_is_whole_or_fetched_again(
    ask: Any, tables: Path, tmp_path: Path, book: PriceBook
) -> None:
    """A keep directory may hold anything after a crash: halves, empty files, somebody else's."""
    offer = shipped_offer(book, "AmazonVPC", "us-east-1")
    offer.price(offer.add("", "PublicIPv4:InUseAddress", {}), "Hrs", [("0", "0.005")])
    with price_server() as server:
        publish(server, offer)
        where = ["--from", "bulk", "--endpoint", server.address, "--wait", "0", "--into", str(tables), "--keep", "kept"]
        line = ["prices", "refresh", *where, "--table", "public_ipv4", "--region", "us-east-1", "--strict"]
        assert ask(*line).code == 0
        for file in sorted((tmp_path / "kept").iterdir()):
            whole = file.read_bytes()
            for text in (b"", whole[: len(whole) // 2], b"\x00" * 9):
                file.write_bytes(text)
                answer = ask(*line)
                assert answer.code == 0, (file.name, text, answer.err)
                assert "1 prices as the tables have them" in answer.err


def publish(server: PriceServer, offer: OfferFile) -> None:
    server.publish(offer)
    assert path_of(offer) in server.bodies


def test_many_readers_see_a_whole_table_while_it_is_written(
    ask: Any, tables: Path, done: dict[str, bytes], offered: tuple[str, ...]
) -> None:
    ended, torn = threading.Event(), []

    def look() -> None:
        while not ended.is_set():
            text = (tables / "ebs_volume.yaml").read_bytes()
            if text not in (done["ebs_volume.yaml"], (PRICING / "ebs_volume.yaml").read_bytes()):
                torn.append(len(text))

    reader = threading.Thread(target=look)
    reader.start()
    assert ask(*offered).code == 0
    ended.set()
    reader.join()
    assert not torn


BY_HAND = """# Our own notes stand at the top.
table: nat_gateway   # the name
currency: USD

meters:  # two of them
  # about the hour
  hour:
    unit: hour  # not instance-hour
    title: "NAT gateway: hour"
    rows:
    # the oldest first
    - {region: eu-west-1, effective: 2026-01-01, confirmed: 2026-02-01, price: 0.048, source: A}  # as told by phone
    # then Virginia
    - {region: us-east-1, effective: 2026-01-01, confirmed: 2026-02-01, price: 0.045, source: A}   # confirmed: twice

    - {region: us-west-2, effective: 2026-01-01, confirmed: 2026-02-01, price: 0.045, source: A}

  # about the gigabytes
  processed:
    unit: GB
    title: Processed
    rows: []
# the end
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("options", [(), ("--confirm",)])
def test_what_somebody_wrote_by_hand_stays_where_it_is(
    ask: Any, tmp_path: Path, ends: str, options: tuple[str, ...]
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "nat_gateway.yaml").write_bytes(BY_HAND.replace("\n", ends).encode())
    offer = OfferFile("AmazonEC2", "us-east-1")
    for usage, unit, amount in (("NatGateway-Hours", "Hrs", "0.05"), ("NatGateway-Bytes", "GB", "0.06")):
        offer.price(offer.add("NAT Gateway", usage, {}), unit, [("0", amount)])
    again = OfferFile("AmazonEC2", "eu-west-1")
    again.price(again.add("NAT Gateway", "NatGateway-Hours", {}), "Hrs", [("0", "0.048")])
    for name, one in (("one.json", offer), ("two.json", again)):
        (tmp_path / name).write_bytes(one.json)
    line = (
        "prices",
        "refresh",
        "--from",
        "one.json",
        "two.json",
        "--into",
        "mine",
        "--accept",
        "--table",
        "nat_gateway",
        *options,
    )
    answer = ask(*line)
    assert answer.code == 0, answer.err
    lines = (mine / "nat_gateway.yaml").read_bytes().decode().split("\n")
    left = iter(line.rstrip("\r") for line in lines)
    told = BY_HAND.replace("rows: []", "rows:")
    if options:
        # Only the day in the row that AWS states again is another one.
        told = told.replace("2026-02-01, price: 0.048", "2026-11-10, price: 0.048")
    assert all(any(line == found for found in left) for line in told.split("\n") if line.strip())
    new = [line.strip() for line in lines if "AWS-AmazonEC2" in line]
    assert [line.partition("price: ")[2].partition(",")[0] for line in new] == ["0.05", "0.06"]
    assert not check_directory(str(mine)).problems
    assert 'A: {title: "not described yet"}' in (mine / "sources.yaml").read_text(encoding="utf-8")
    assert ask(*line).err.endswith("nothing to write\n")


def test_ctrl_c_while_aws_keeps_us_waiting_leaves_everything_as_it_was(
    environment: dict[str, str], tables: Path, tmp_path: Path, book: PriceBook
) -> None:
    offer = shipped_offer(book, "AmazonVPC", "us-east-1")
    asked = threading.Event()

    def waiting(handler: Any, body: bytes) -> None:
        asked.set()
        handler.close_connection = True
        handler.prices.closing.wait(60)

    before = texts(tables)
    (tmp_path / "scratch").mkdir()
    with price_server() as server:
        publish(server, offer)
        server.fail(path_of(offer), waiting)
        where = ["--from", "bulk", "--endpoint", server.address, "--into", "tables", "--table", "public_ipv4"]
        line = [sys.executable, "-m", "costkit", "prices", "refresh", *where, "--accept"]
        scratch = {**environment, "TMPDIR": str(tmp_path / "scratch")}
        with subprocess.Popen(line, cwd=tmp_path, env=scratch, stderr=subprocess.PIPE, text=True) as running:
            assert asked.wait(60)
            running.send_signal(signal.SIGINT)
            said = running.communicate(timeout=60)[1]
    assert running.returncode == 130, said
    assert "Traceback" not in said
    assert texts(tables) == before
    assert not list((tmp_path / "scratch").iterdir())
