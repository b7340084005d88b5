"""Measures ``costkit prices refresh`` on a regional EC2 offer file: ``python bench/refresh.py [MEGABYTES]``.

Makes an offer file of the size and shape of AWS's own for EC2 in us-east-1 (480 MB: a product for each operating
system, licence, tenancy and state of capacity, with up to a dozen reserved terms), then reads it as a process of its
own and prints seconds and the most memory it held, beside a floor: the file read by ijson without looking at anything.
"""

import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).parent.parent
MEGABYTE = 1_000_000
TERM, HOUR, FEE = "JRTCKXETXF", "6YS6EN2CT7", "2TG2D8R56U"
SYSTEMS = (("Linux", ""), ("Windows", ":0002"), ("RHEL", ":0010"), ("SUSE", ":000g"), ("Ubuntu Pro", ":0g00"))
SOFTWARE = ("NA", "SQL Std", "SQL Web", "SQL Ent")
TENANCIES = (("Shared", "BoxUsage"), ("Dedicated", "DedicatedUsage"))
STATES = ("Used", "UnusedCapacityReservation", "AllocatedCapacityReservation")
OPTIONS = [
    (length, offering, option)
    for length in ("1yr", "3yr")
    for offering in ("standard", "convertible")
    for option in ("No Upfront", "Partial Upfront", "All Upfront")
]
FLOOR = """
import sys, ijson
for prefix in ("products", "terms.OnDemand", "terms.Reserved"):
    with open(sys.argv[1], "rb") as file:
        for pair in ijson.kvitems(file, prefix, buf_size=1 << 18):
            pass
"""


def kinds() -> list[str]:
    """The instance types that the tables describe."""
    sys.path.insert(0, str(ROOT))
    from costkit.pricebook.book import PriceBook

    return sorted(PriceBook().specs("ec2_instance"))


def products() -> Iterator[dict[str, Any]]:
    """Products without end: every combination for every type, plain Linux first."""
    number = 0
    described = kinds()
    combinations = itertools.product(SYSTEMS, SOFTWARE, TENANCIES, STATES)
    for (system, operation), software, (tenancy, usage), state in itertools.cycle(combinations):
        for kind in described:
            number += 1
            yield product(f"{number:016X}", kind, system, operation, software, tenancy, usage, state)


def product(
    sku: str, kind: str, system: str, operation: str, software: str, tenancy: str, usage: str, state: str
) -> Any:
    """A product with the attributes that AWS's file gives one."""
    about = {"servicecode": "AmazonEC2", "location": "US East (N. Virginia)", "locationType": "AWS Region"}
    about |= {"instanceType": kind, "currentGeneration": "Yes", "instanceFamily": "General purpose", "vcpu": "96"}
    about |= {"physicalProcessor": "Intel Xeon Platinum 8175", "clockSpeed": "3.1 GHz", "memory": "384 GiB"}
    about |= {"storage": "4 x 900 NVMe SSD", "networkPerformance": "25 Gigabit", "processorArchitecture": "64-bit"}
    about |= {"tenancy": tenancy, "operatingSystem": system, "licenseModel": "No License required"}
    about |= {"usagetype": f"{usage}:{kind}", "operation": f"RunInstances{operation}", "availabilityzone": "NA"}
    about |= {"capacitystatus": state, "classicnetworkingsupport": "false", "dedicatedEbsThroughput": "19000 Mbps"}
    about |= {"ecu": "345", "enhancedNetworkingSupported": "Yes", "gpuMemory": "NA", "intelAvxAvailable": "Yes"}
    about |= {"intelAvx2Available": "Yes", "intelTurboAvailable": "Yes", "marketoption": "OnDemand"}
    about |= {"normalizationSizeFactor": "192", "preInstalledSw": software, "regionCode": "us-east-1"}
    about |= {"processorFeatures": "Intel AVX; Intel AVX2; Intel AVX512; Intel Turbo", "vpcnetworkingsupport": "true"}
    about |= {"servicename": "Amazon Elastic Compute Cloud"}
    return {"sku": sku, "productFamily": "Compute Instance", "attributes": about}


def rate(code: str, unit: str, price: str) -> dict[str, Any]:
    """A price dimension."""
    about = {"rateCode": code, "description": f"${price} per unit", "beginRange": "0", "endRange": "Inf"}
    return {**about, "unit": unit, "appliesTo": [], "pricePerUnit": {"USD": price}}


def on_demand(sku: str) -> dict[str, Any]:
    """The on-demand term of a product."""
    key = f"{sku}.{TERM}"
    term = {"offerTermCode": TERM, "sku": sku, "effectiveDate": "2026-11-01T00:00:00Z"}
    dimensions = {f"{key}.{HOUR}": rate(f"{key}.{HOUR}", "Hrs", "6.0480000000")}
    return {key: {**term, "priceDimensions": dimensions, "termAttributes": {}}}


def reserved(sku: str) -> dict[str, Any]:
    """The reserved terms of a product: twelve, with a fee where there is one."""
    found = {}
    for number, (length, offering, option) in enumerate(OPTIONS):
        key = f"{sku}.R{number:09d}"
        dimensions = {
            f"{key}.{HOUR}": rate(f"{key}.{HOUR}", "Hrs", "0.0" if option == "All Upfront" else "2.9870000000")
        }
        if option != "No Upfront":
            dimensions[f"{key}.{FEE}"] = rate(f"{key}.{FEE}", "Quantity", "13084")
        about = {"LeaseContractLength": length, "OfferingClass": offering, "PurchaseOption": option}
        term = {"offerTermCode": f"R{number:09d}", "sku": sku, "effectiveDate": "2026-11-01T00:00:00Z"}
        found[key] = {**term, "priceDimensions": dimensions, "termAttributes": about}
    return found


def write_offer(path: Path, megabytes: int) -> int:
    """Write an offer file of about so many megabytes; returns the number of products."""
    one = next(products())
    parts = [json.dumps(part, indent=2) for part in (one, on_demand(one["sku"]), reserved(one["sku"]))]
    # Half of what AWS lists has reserved terms.
    count = megabytes * MEGABYTE // (len(parts[0]) + len(parts[1]) + len(parts[2]) // 2)
    head = {"formatVersion": "v1.0", "disclaimer": "", "offerCode": "AmazonEC2", "version": "20261110181247"}
    head |= {"publicationDate": "2026-11-10T18:12:47Z"}
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head)[:-1] + ', "products": {')
        skus = []
        for number, entry in zip(range(count), products(), strict=False):
            skus.append(entry["sku"])
            put(file, number, entry["sku"], entry)
        file.write('}, "terms": {"OnDemand": {')
        for number, sku in enumerate(skus):
            put(file, number, sku, on_demand(sku))
        file.write('}, "Reserved": {')
        for number, sku in enumerate(skus[::2]):
            put(file, number, sku, reserved(sku))
        file.write('}}, "attributesList": {}}')
    return count


def put(file: TextIO, number: int, key: str, value: Any) -> None:
    """A key and its value."""
    file.write(f'{", " if number else ""}"{key}" : {json.dumps(value, indent=2)}')


def measured(command: list[str]) -> tuple[float, int, str]:
    """Seconds, the most megabytes held, and the last lines of standard error of a process."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, done.stderr.strip()


def main() -> None:
    """Make the file, read it twice and print a table."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "AmazonEC2.json"
        count = write_offer(path, megabytes)
        size = path.stat().st_size // MEGABYTE
        floor, floor_memory, _ = measured([sys.executable, "-c", FLOOR, str(path)])
        refresh = [sys.executable, "-m", "costkit", "prices", "refresh", "--from", str(path), "--into", f"{place}/mine"]
        taken, memory, said = measured([*refresh, "--dry-run", "--accept"])
    print(f"{size} MB, {count:,} products\n")
    print("| reading | seconds | most memory |\n| --- | --- | --- |")
    print(f"| ijson alone, three passes (floor) | {floor:.1f} | {floor_memory} MB |")
    print(f"| `costkit prices refresh --dry-run` | {taken:.1f} | {memory} MB |\n")
    print(said)
    if memory >= 300:
        sys.exit("the bound of 300 MB does not hold")


if __name__ == "__main__":
    main()
