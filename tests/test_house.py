"""The rules of the house, each a test with a sentence for a name."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from costkit.pricebook.checking import check_directory
from costkit.services import types
from costkit.yaml_exact import read

PACKAGE = ROOT / "costkit"
MODULES = sorted(PACKAGE.rglob("*.py"))
# Floors from the ground up; a module may import its own floor and those below.
FLOORS = [
    ["__init__", "model"],
    ["yaml_exact", "pricebook"],
    ["services", "reports"],
    ["inputs", "rating"],
    ["estimating"],
    ["gate", "compare", "optimize", "billing", "collect"],
    ["library"],
    ["cli", "__main__"],
]
SMALL_NUMBERS = {0, 1, 2, 1000, 1024}


def room(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def floor(name: str) -> int:
    return next(level for level, rooms in enumerate(FLOORS) if name in rooms)


def trees(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for module in MODULES:
        if not rooms or room(module) in rooms:
            yield module, ast.parse(module.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_rooms_import_only_downwards() -> None:
    for module, tree in trees():
        if module == PACKAGE / "__init__.py":
            continue  # the public names point upwards on purpose, and only when they are used
        for name in imports(tree):
            parts = name.split(".")
            if parts[0] == "costkit" and len(parts) > 1 and parts[1] in {r for rooms in FLOORS for r in rooms}:
                assert floor(parts[1]) <= floor(room(module)), f"{module} imports {name}"


def test_model_imports_nothing_else_of_costkit() -> None:
    for module, tree in trees("model"):
        for name in imports(tree):
            assert not name.startswith("costkit.") or name.startswith("costkit.model"), f"{module} imports {name}"


def test_click_is_named_only_by_the_command_line() -> None:
    for module, tree in trees():
        if room(module) != "cli":
            assert not any(name.split(".")[0] == "click" for name in imports(tree)), module


def test_pydantic_is_named_only_by_the_door_of_the_price_tables() -> None:
    naming = {module.relative_to(PACKAGE).as_posix() for module, tree in trees() if "pydantic" in set(imports(tree))}
    assert naming == {"pricebook/schema.py"}


def test_boto3_is_named_only_where_aws_is_talked_to_and_inside_functions() -> None:
    for module, tree in trees():
        naming = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) and asks_aws(node)]
        talks = room(module) in ("collect", "billing") or module.is_relative_to(PACKAGE / "pricebook" / "refresh")
        assert talks or not naming, module
        assert not [node for node in naming if node in outside_functions(tree)], module


def asks_aws(node: ast.Import | ast.ImportFrom) -> bool:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return any(name.split(".")[0] in ("boto3", "botocore") for name in names)


def outside_functions(tree: ast.Module) -> list[ast.AST]:
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for part in ast.walk(node)}
    return [node for node in ast.walk(tree) if id(node) not in inside]


def test_no_clock_network_or_environment_below_the_command_line() -> None:
    forbidden = re.compile(r"\b(os\.environ|os\.getenv|datetime\.now|time\.time|date\.today|socket|urllib|getcwd)\b")
    # What fetches the price list is the network itself.
    network = {PACKAGE / "pricebook" / "refresh" / "download.py"}
    for module in MODULES:
        if room(module) != "cli" and module not in network:
            found = forbidden.search(module.read_text(encoding="utf-8"))
            assert found is None, f"{module}: {found and found.group()}"


def test_no_price_or_threshold_in_code() -> None:
    for module, tree in trees("services"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
                slice_of_a_name = module.name == "__init__.py" and node.value == 3
                assert node.value in SMALL_NUMBERS or slice_of_a_name, f"{module}:{node.lineno}: {node.value}"
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Decimal" and node.args:
                first = node.args[0]
                assert not isinstance(first, ast.Constant) or str(first.value) in {"0", "1"}, f"{module}:{node.lineno}"


def test_no_float_in_code_that_computes() -> None:
    for module, tree in trees("model", "services", "rating", "estimating", "pricebook"):
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"{module}:{node.lineno}"
            assert not (isinstance(node, ast.Name) and node.id == "float" and room(module) != "model"), module


def test_rounding_happens_only_in_reports() -> None:
    for module, tree in trees():
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if names & {"quantize", "round", "ROUND_HALF_UP"}:
            # exact.py cuts what has no end, at twenty decimals
            assert room(module) == "reports" or module.name == "exact.py", module


def test_modules_and_functions_stay_small() -> None:
    for module, tree in trees():
        assert len(module.read_text(encoding="utf-8").splitlines()) < 400, module
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, f"{module}: {node.name}"


def test_files_say_what_they_are() -> None:
    for module in MODULES:
        assert not re.search(r"util|helper|manager|misc|common", module.stem), module


@pytest.mark.parametrize("name", types())
def test_a_service_is_three_things(name: str) -> None:
    assert (ROOT / "pricing" / f"{name}.yaml").exists()
    assert any((ROOT / "tests" / "cases" / name).glob("*.yaml"))


def test_no_table_and_no_case_without_a_service() -> None:
    tables = {file.stem for file in (ROOT / "pricing").glob("*.yaml")} - {"regions", "sources", "aws_api"}
    cases = {folder.name for folder in (ROOT / "tests" / "cases").iterdir() if any(folder.glob("*.yaml"))}
    assert tables == cases == set(types())


def test_every_shipped_table_is_valid() -> None:
    checked = check_directory(str(ROOT / "pricing"))
    assert not checked.problems
    assert checked.rows > 70_000


def test_every_problem_code_is_documented_and_used() -> None:
    used = {code for module in MODULES for code in re.findall(r"\bCK\d{3}\b", module.read_text(encoding="utf-8"))}
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert used == set(re.findall(r"\bCK\d{3}\b", page))


def test_every_link_to_a_source_is_one_bare_address() -> None:
    tree, _, _ = read((ROOT / "pricing" / "sources.yaml").read_text(encoding="utf-8"), "sources.yaml")
    for key, source in tree.items():
        where = source.get("where", "")
        assert not where.startswith("http") or re.fullmatch(r"https://\S+", where), key


def price_rows(text: str) -> set[tuple[object, ...]]:
    tree, _, _ = read(text, "table")
    return {
        (meter, row.get("region"), row.get("type"), row["effective"], str(row.get("price", row.get("tiers"))))
        for meter, entry in (tree.get("meters") or {}).items()
        for row in entry["rows"]
    }


def test_past_prices_are_only_appended_to() -> None:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout

    changed = [line for line in git("diff", "--name-only", "HEAD", "--", "pricing").split() if line.endswith(".yaml")]
    for name in changed:
        before = git("show", f"HEAD:{name}")
        if before and (ROOT / name).exists() and not name.endswith(("sources.yaml", "regions.yaml")):
            assert price_rows(before) <= price_rows((ROOT / name).read_text(encoding="utf-8")), name


def test_ci_runs_what_the_readme_says() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\S+)", readme, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "pricing" / "README.md"]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page}: {target}"
