"""Every file under cases/ is a worked example: a spec, the day, and sums published or worked by hand."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import yaml
from arithmetic import step_value

from costkit.estimating import estimate
from costkit.inputs.documents import Document
from costkit.inputs.spec import read_spec
from costkit.model.charge import Charge, Estimate
from costkit.model.problem import CostkitError
from costkit.pricebook.book import PriceBook
from costkit.yaml_exact import read

CASES = Path(__file__).parent / "cases"
FILES = sorted(CASES.glob("*/*.yaml"))
CENT = Decimal("0.01")


def case_of(file: Path) -> dict:
    tree, _, problems = read(file.read_text(encoding="utf-8"), file.name)
    assert not problems, problems
    return tree


def book_for(case: dict, tmp_path: Path, shipped: PriceBook) -> PriceBook:
    """The shipped prices under those the case brings along (``prices: {table: {...}}``)."""
    if "prices" not in case:
        return shipped
    for table, content in case["prices"].items():
        text = yaml.dump({"table": table, "currency": "USD", **plain_tree(content)}, Dumper=Writer, sort_keys=False)
        (tmp_path / f"{table}.yaml").write_text(text, encoding="utf-8")
    return PriceBook([str(tmp_path)], shipped.cache_directory)


def plain_tree(value: object) -> object:
    """Decimals and text as YAML's own writer can put them down again without losing a digit."""
    if isinstance(value, dict):
        return {key: plain_tree(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_tree(item) for item in value]
    return Number(f"{value:f}") if isinstance(value, Decimal) else value


class Number(str):
    """Written without quotes and without a tag."""


class Writer(yaml.SafeDumper):
    """Writes numbers as they are."""

    def ignore_aliases(self, data: object) -> bool:
        return True


Writer.add_representer(
    Number,
    lambda dumper, data: dumper.represent_scalar(
        "tag:yaml.org,2002:int" if str(data).isdigit() else "tag:yaml.org,2002:float", str(data)
    ),
)


def run(case: dict, book: PriceBook) -> Estimate:
    on = case.get("on", "2026-11-21")
    document = Document("spec", {"version": "1", **case["spec"]}, {}, ())
    return estimate(read_spec(document, book, on), book, on)


def charges(result: Estimate) -> list[tuple[str, Charge]]:
    own = [(f"{cost.resource.name}.{charge.meter}", charge) for cost in result.resources for charge in cost.charges]
    return [*own, *((f"account.{charge.meter}", charge) for charge in result.account)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_case(file: Path, tmp_path: Path, book: PriceBook) -> None:
    case = case_of(file)
    book = book_for(case, tmp_path, book)
    expect = case["expect"]
    if "refused" in expect:
        with pytest.raises(CostkitError) as raised:
            run(case, book)
        assert sorted(problem.code for problem in raised.value.problems) == sorted(expect["refused"])
        return
    result = run(case, book)
    assert in_cents(result.cost) == Decimal(str(expect["total"])).quantize(CENT)
    for point in ("low", "high"):
        if point in expect:
            assert in_cents(getattr(result, point)) == Decimal(str(expect[point])).quantize(CENT), point
    codes = sorted({problem.code for problem in result.problems} - {"CK203", "CK205"})
    assert codes == sorted(expect.get("problems", [])), [str(problem) for problem in result.problems]
    found = dict(charges(result))
    for name, cost in expect.get("charges", {}).items():
        assert name in found, sorted(found)
        assert found[name].cost == (None if cost is None else Decimal(str(cost))), name
    for name, quantity in expect.get("quantities", {}).items():
        assert found[name].quantity == Decimal(str(quantity)), name
    if "upfront" in expect:
        assert result.upfront == Decimal(str(expect["upfront"]))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_the_arithmetic_that_is_printed_gives_the_charge(file: Path, tmp_path: Path, book: PriceBook) -> None:
    case = case_of(file)
    if "refused" in case["expect"]:
        return
    for name, charge in charges(run(case, book_for(case, tmp_path, book))):
        for step in charge.steps:
            if " = " in step:
                computed, said = step_value(step)
                assert computed == said, f"{name}: {step}"
        if charge.cost is not None and charge.steps:
            assert step_value(charge.steps[-1])[0] == charge.cost, f"{name}: {charge.steps}"


def in_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
