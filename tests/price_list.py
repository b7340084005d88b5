"""Offer files as AWS publishes them, made of the prices in the tables: products, terms, price dimensions.

What AWS calls things is written out in skus.yaml and not read from the rules, so that a slip in a rule shows.
The shape of the files:
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from costkit.pricebook.book import PriceBook
from costkit.yaml_exact import read

PUBLISHED = "2026-11-10T18:12:47Z"
VERSION = "20261110181247"
SINCE = "2026-11-01T00:00:00Z"
ON_DEMAND = "JRTCKXETXF"
HOUR, FEE = "6YS6EN2CT7", "2TG2D8R56U"
PREFIX = {"us-east-1": "", "us-west-2": "USW2-", "eu-west-1": "EU-", "eu-central-1": "EUC1-", "ap-northeast-1": "APN1-"}
LOCATION = {"us-east-1": "US East (N. Virginia)", "us-west-2": "US West (Oregon)", "eu-west-1": "EU (Ireland)"}
BOX = {
    "tenancy": "Shared",
    "operatingSystem": "Linux",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
    "operation": "RunInstances",
    "licenseModel": "No License required",
}
LAMBDA = "Lambda-GB-Second"
IO2_TIERS = ("", ".tier2", ".tier3")
# The columns of AWS's own files of savings plans.
PLAN_COLUMNS = (
    "SKU,RateCode,Unit,EffectiveDate,DiscountedRate,Currency,DiscountedSKU,DiscountedServiceCode,DiscountedUsageType,"
    "DiscountedOperation,PurchaseOption,LeaseContractLength,LeaseContractLengthUnit,ServiceCode,UsageType,Operation,"
    "Description,Instance Family,Location,Location Type,Granularity,Product Family,DiscountedRegionCode,"
    "DiscountedInstanceType"
)
COMPUTE_PLANS, EC2_PLANS = "ComputeSavingsPlans", "EC2InstanceSavingsPlans"


class Sku(NamedTuple):
    """What AWS calls a meter: product family, usage type, unit, how many of our units that holds, attributes."""

    family: str
    usage: str
    unit: str
    holds: int
    attributes: dict[str, str]


def _skus() -> dict[tuple[str, str, str], Sku]:
    tree, _, problems = read((Path(__file__).parent / "skus.yaml").read_text(encoding="utf-8"), "skus.yaml")
    assert not problems
    found = {}
    for offer, meters in tree.items():
        for name, entry in meters.items():
            given = {key: value for key, value in entry["attributes"].items() if key != "BOX"}
            given |= BOX if "BOX" in entry["attributes"] else {}
            about = (entry["family"], entry["usage"], entry["unit"], int(entry["holds"]))
            found[(offer, *name.split())] = Sku(*about, given)
    return found


# By offer, table and meter.
SKUS = _skus()
PAYMENTS = {"no_upfront": "No Upfront", "partial_upfront": "Partial Upfront", "all_upfront": "All Upfront"}


class OfferFile:
    """An offer in one region, as it grows; ``json`` and ``csv`` are its published bytes."""

    def __init__(self, offer: str, region: str, published: str = PUBLISHED, version: str = VERSION) -> None:
        self.offer, self.region, self.published, self.version = offer, region, published, version
        self.products: dict[str, dict[str, Any]] = {}
        self.terms: dict[str, dict[str, Any]] = {"OnDemand": {}, "Reserved": {}}

    def add(self, family: str, usage_type: str, attributes: dict[str, str], region: str = "") -> str:
        """A product; returns its SKU. A prefixed usage type and the region's attributes are AWS's own way."""
        where = region or self.region
        given = {"servicecode": self.offer, "location": LOCATION.get(where, where), "locationType": "AWS Region"}
        given |= {
            "usagetype": PREFIX.get(where, "NEW1-") + usage_type,
            "operation": "",
            "regionCode": where,
            **attributes,
        }
        if self.offer == "AWSDataTransfer":
            given["fromRegionCode"], given["fromLocationType"] = given.pop("regionCode"), given.pop("locationType")
        sku = hashlib.sha256(json.dumps([self.offer, family, given]).encode()).hexdigest()[:16].upper()
        self.products[sku] = {"sku": sku, "productFamily": family, "attributes": given}
        return sku

    def price(
        self, sku: str, unit: str, tiers: Iterable[tuple[str, str]], since: str = SINCE, currency: str = "USD"
    ) -> None:
        """On-demand prices from each start on, to ten decimals as AWS writes them."""
        steps = list(tiers)
        dimensions = {}
        for index, (start, amount) in enumerate(steps):
            end = steps[index + 1][0] if index + 1 < len(steps) else "Inf"
            code = f"{sku}.{ON_DEMAND}.RATE{index:06d}"
            dimensions[code] = {
                "rateCode": code,
                "description": f"${amount} per {unit}",
                "beginRange": start,
                "endRange": end,
                "unit": unit,
                "appliesTo": [],
                "pricePerUnit": {currency: f"{Decimal(amount):.10f}"},
            }
        term = {"offerTermCode": ON_DEMAND, "sku": sku, "effectiveDate": since, "priceDimensions": dimensions}
        self.terms["OnDemand"].setdefault(sku, {})[f"{sku}.{ON_DEMAND}"] = {**term, "termAttributes": {}}

    def reserve(
        self, sku: str, length: str, payment: str, hourly: str, fee: str = "", offering: str = "standard"
    ) -> None:
        """A reserved term: 0 an hour and a fee for all upfront."""
        code = hashlib.sha256(f"{length}{payment}{offering}".encode()).hexdigest()[:10].upper()
        key = f"{sku}.{code}"
        dimensions = {
            f"{key}.{HOUR}": {
                "rateCode": f"{key}.{HOUR}",
                "description": "Linux/UNIX (Amazon VPC)",
                "beginRange": "0",
                "endRange": "Inf",
                "unit": "Hrs",
                "appliesTo": [],
                "pricePerUnit": {"USD": f"{Decimal(hourly):.10f}"},
            }
        }
        if fee:
            dimensions[f"{key}.{FEE}"] = {
                "rateCode": f"{key}.{FEE}",
                "description": "Upfront Fee",
                "unit": "Quantity",
                "appliesTo": [],
                "pricePerUnit": {"USD": fee},
            }
        about = {
            "LeaseContractLength": f"{length[0]}yr",
            "OfferingClass": offering,
            "PurchaseOption": PAYMENTS[payment],
        }
        term = {"offerTermCode": code, "sku": sku, "effectiveDate": SINCE, "priceDimensions": dimensions}
        self.terms["Reserved"].setdefault(sku, {})[key] = {**term, "termAttributes": about}

    @property
    def tree(self) -> dict[str, Any]:
        head = {"formatVersion": "v1.0", "disclaimer": "This pricing list is for informational purposes only."}
        head |= {"offerCode": self.offer, "version": self.version, "publicationDate": self.published}
        return {**head, "products": self.products, "terms": self.terms, "attributesList": {}}

    @property
    def json(self) -> bytes:
        return json.dumps(self.tree, indent=2).encode()

    @property
    def csv(self) -> bytes:
        """The same in CSV, whose columns have other names: ``Instance Type`` for ``instanceType``."""
        names = sorted({name for product in self.products.values() for name in product["attributes"]})
        shown = {"usagetype": "usageType", "operation": "operation"}
        buffer = io.StringIO()
        writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([["FormatVersion", "v1.0"], ["Disclaimer", "informational"]])
        writer.writerows([["Publication Date", self.published], ["Version", self.version], ["OfferCode", self.offer]])
        head = ["SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange"]
        head += ["EndingRange", "Unit", "PricePerUnit", "Currency", "LeaseContractLength", "PurchaseOption"]
        head += ["OfferingClass", "Product Family", *(shown.get(name, _spaced(name)) for name in names)]
        writer.writerow(head)
        writer.writerows(self._lines(names))
        return buffer.getvalue().encode()

    def _lines(self, names: list[str]) -> Iterator[list[str]]:
        for kind, skus in self.terms.items():
            for sku, terms in skus.items():
                for term in terms.values():
                    about = term["termAttributes"]
                    for one in term["priceDimensions"].values():
                        [(currency, amount)] = one["pricePerUnit"].items()
                        row = [sku, term["offerTermCode"], one["rateCode"], kind, one["description"]]
                        row += [term["effectiveDate"][:10], one.get("beginRange", ""), one.get("endRange", "")]
                        row += [one["unit"], amount, currency]
                        row += [
                            about.get(name, "") for name in ("LeaseContractLength", "PurchaseOption", "OfferingClass")
                        ]
                        product = self.products[sku]
                        row += [product["productFamily"], *(product["attributes"].get(name, "") for name in names)]
                        yield row


def _spaced(name: str) -> str:
    """``instanceType`` as a column of the CSV calls it: ``Instance Type``."""
    return "".join(f" {letter}" if letter.isupper() else letter for letter in name).strip().title()


def newest(book: PriceBook, table: str, meter: str, region: str) -> Iterator[tuple[str, list[list[str]]]]:
    """The types and tiers of the last rows of a meter that are wholly proven."""
    entry = book.entry(book.shipped, table, meter, region)
    for kind, regions in (entry["rows"] if entry else {}).items():
        price = regions[region][-1][2] if region in regions else None
        tiers = price if isinstance(price, list) else [["0", price]]
        if all(amount is not None for _, amount in tiers):
            yield kind, tiers


def shipped_offer(book: PriceBook, offer: str, region: str, published: str = PUBLISHED) -> OfferFile:
    """An offer file that states what the shipped tables hold in a region."""
    made = OfferFile(offer, region, published)
    for (code, table, meter), (family, usage_type, unit, holds, attributes) in SKUS.items():
        where = "global" if table == "lambda_edge_function" else region
        for kind, tiers in newest(book, table, meter, where) if code == offer else ():
            given = {name: value.replace("{type}", kind) for name, value in attributes.items()}
            if meter == "iops.io2":
                # A product for each tier, each from 0 to Inf.
                for (_, amount), suffix in zip(tiers, IO2_TIERS, strict=True):
                    made.price(made.add(family, usage_type + suffix, given), unit, [("0", amount)])
                continue
            sku = made.add(family, usage_type.replace("{type}", kind), given)
            made.price(sku, unit, [(_over(start, holds), _times(amount, holds)) for start, amount in tiers])
            if table in ("redshift_cluster", "ec2_instance") and meter in ("node", "on_demand"):
                _reserve(made, book, table, sku, kind, region)
    for kind, tiers in newest(book, "data_transfer", "inter_region", region) if offer == "AWSDataTransfer" else ():
        to = kind or ("us-west-2" if region != "us-west-2" else "eu-west-1")
        given = {"transferType": "InterRegion Outbound", "toLocationType": "AWS Region", "toRegionCode": to}
        made.price(made.add("Data Transfer", f"{to}-AWS-Out-Bytes", given), "GB", [tuple(tiers[0])])
    return made


def _reserve(made: OfferFile, book: PriceBook, table: str, sku: str, kind: str, region: str) -> None:
    """The reserved terms of a node or instance, as far as the tables know them."""

    def amount(meter: str) -> str:
        entry = book.entry(book.shipped, table, meter, region)
        rows = entry["rows"].get(kind, {}).get(region) if entry else None
        return rows[-1][2] if rows else ""

    for length in ("1y", "3y"):
        for payment in PAYMENTS:
            if table == "redshift_cluster":
                hourly = amount(f"reserved.{length}.{payment}.recurring")
                fee = amount(f"reserved.{length}.{payment}.upfront")
                if hourly or fee:
                    made.reserve(sku, length, payment, hourly or "0", fee)
                continue
            if hourly := amount(f"standard_reserved.{length}.{payment}"):
                # AWS states a fee; the tables hold what it comes to by the hour.
                hours = 8760 * int(length[0])
                fee = "" if payment == "no_upfront" else str(Decimal(hourly) * hours)
                made.reserve(sku, length, payment, "0" if fee else hourly, fee)
            if hourly := amount(f"convertible_reserved.{length}.{payment}"):
                made.reserve(sku, length, payment, hourly, offering="convertible")


def _over(start: str, holds: int) -> str:
    return str(Decimal(start) / holds)


def _times(amount: str, holds: int) -> str:
    return str(Decimal(amount) * holds)


class PlanFile:
    """A region's file of savings plans for compute: those for all of it, and those for one family of instances."""

    def __init__(self, region: str, published: str = PUBLISHED, version: str = VERSION) -> None:
        self.region, self.published, self.version = region, published, version
        self.products: list[dict[str, Any]] = []
        self.plans: dict[tuple[str, str, str], dict[str, Any]] = {}

    def rate(
        self,
        length: str,
        payment: str,
        service: str,
        usage_type: str,
        operation: str,
        unit: str,
        price: str,
        family: str = "",
    ) -> None:
        """The rate of one kind of usage under one plan; with ``family`` such as m7g, an EC2 Instance Savings Plan."""
        plan = self._plan(length, payment, family)
        discounted = hashlib.sha256(f"{service}{usage_type}{operation}".encode()).hexdigest()[:16].upper()
        plan["rates"].append(
            {
                "discountedSku": discounted,
                "discountedUsageType": PREFIX[self.region] + usage_type,
                "discountedOperation": operation,
                "discountedServiceCode": service,
                "rateCode": f"{plan['sku']}.{discounted}",
                "unit": unit,
                "discountedRate": {"price": price, "currency": "USD"},
                "discountedRegionCode": self.region,
                "discountedInstanceType": usage_type.partition(":")[2],
            }
        )

    def _plan(self, length: str, payment: str, family: str) -> dict[str, Any]:
        if (length, payment, family) not in self.plans:
            sku = f"PLAN{length}{payment}{family}".upper().replace("_", "")
            bought = f"{length[0]}yr{PAYMENTS[payment].replace(' ', '')}"
            about = {"purchaseOption": PAYMENTS[payment], "granularity": "hourly", "purchaseTerm": f"{length[0]}yr"}
            about |= {"locationType": "AWS Region", "location": "Any"}
            if family:
                about |= {"location": LOCATION.get(self.region, self.region), "instanceType": family}
            usage = f"{PREFIX[self.region]}EC2SP:{family}.{bought}" if family else f"ComputeSP:{bought}"
            entry = {"sku": sku, "productFamily": EC2_PLANS if family else COMPUTE_PLANS}
            entry |= {"serviceCode": COMPUTE_PLANS, "usageType": usage, "operation": ""}
            self.products.append({**entry, "attributes": about})
            term = {"sku": sku, "description": f"{length} {PAYMENTS[payment]} {family} Savings Plan".replace("  ", " ")}
            term |= {"effectiveDate": SINCE, "leaseContractLength": {"duration": int(length[0]), "unit": "year"}}
            self.plans[(length, payment, family)] = {**term, "rates": []}
        return self.plans[(length, payment, family)]

    @property
    def json(self) -> bytes:
        head = {"version": self.version, "publicationDate": self.published, "regionCode": self.region}
        return json.dumps(
            {**head, "products": self.products, "terms": {"savingsPlan": list(self.plans.values())}}, indent=1
        ).encode()

    @property
    def csv(self) -> bytes:
        """The same in CSV, with the columns and without the quotes of AWS's own."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerows([["FormatVersion", "v1.0"], ["Disclaimer", "informational"]])
        writer.writerows([["Publication Date", self.published], ["Version", self.version]])
        writer.writerow(["OfferCode", "AmazonComputeSavingsPlan"])
        writer.writerow(PLAN_COLUMNS.split(","))
        products = {product["sku"]: product for product in self.products}
        for plan in self.plans.values():
            product = products[plan["sku"]]
            about, lease = product["attributes"], plan["leaseContractLength"]
            for rate in plan["rates"]:
                money = rate["discountedRate"]
                row = [plan["sku"], rate["rateCode"], rate["unit"], plan["effectiveDate"], money["price"]]
                row += [money["currency"], rate["discountedSku"], rate["discountedServiceCode"]]
                row += [rate["discountedUsageType"], rate["discountedOperation"], about["purchaseOption"]]
                row += [lease["duration"], lease["unit"], product["serviceCode"], product["usageType"], ""]
                row += [plan["description"], about.get("instanceType", ""), about["location"], about["locationType"]]
                row += [about["granularity"], product["productFamily"], rate["discountedRegionCode"]]
                writer.writerow([*row, rate["discountedInstanceType"]])
        return buffer.getvalue().encode()


def shipped_plans(book: PriceBook, region: str) -> PlanFile:
    """A file of savings plans that states what the shipped tables hold in a region."""
    made = PlanFile(region)
    usage = {
        "duration.x86_64": ("AWSLambda", LAMBDA, "", LAMBDA),
        "duration.arm64": ("AWSLambda", f"{LAMBDA}-ARM", "", LAMBDA),
        "provisioned_concurrency.x86_64": ("AWSLambda", "Lambda-Provisioned-Concurrency", "", LAMBDA),
        "provisioned_duration.x86_64": ("AWSLambda", "Lambda-Provisioned-GB-Second", "", LAMBDA),
        "vcpu.x86_64": ("AmazonECS", "Fargate-vCPU-Hours:perCPU", "", "Hrs"),
        "vcpu.arm64": ("AmazonECS", "Fargate-ARM-vCPU-Hours:perCPU", "", "Hrs"),
        "memory.x86_64": ("AmazonECS", "Fargate-GB-Hours", "", "Hrs"),
        "memory.arm64": ("AmazonECS", "Fargate-ARM-GB-Hours", "", "Hrs"),
    }
    for length in ("1y", "3y"):
        for payment in PAYMENTS:
            plan = f"compute_savings_plan.{length}.{payment}"
            for kind, tiers in newest(book, "ec2_instance", plan, region):
                made.rate(length, payment, "AmazonEC2", f"BoxUsage:{kind}", "RunInstances", "Hrs", tiers[0][1])
            for meter, (service, *about) in usage.items():
                table = "lambda_function" if service == "AWSLambda" else "fargate_task"
                for _, tiers in newest(book, table, f"{plan}.{meter}", region):
                    made.rate(length, payment, service, *about, tiers[0][1])
    return made
