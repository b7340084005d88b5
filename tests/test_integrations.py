"""What a team copies works: the steps of the GitHub action, GitLab's script and the pre-commit hooks are run.

GitHub's runner is played as far as the action needs it: expressions, inputs, outputs and files; the API is a
server on this machine. GitLab's shell is bash and sh. pre-commit is pre-commit.
"""

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import console
import pytest
import yaml
from conftest import ROOT

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITLAB = ROOT / "integrations" / "gitlab-ci.yml"
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
PAGE = ROOT / "docs" / "ci.md"
EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
# 730 h x 0.005 = 3.65 for one address.
SPEC = "version: 1\nname: shop\nregion: us-east-1\nresources: {address: {type: public_ipv4, count: %s}}\n"
UNKNOWN = "version: 1\nregion: us-east-1\nresources: {api: {type: lambda_function}}\n"
BUDGET = "version: 1\nbudgets: [{name: total, limit: 10 USD}]\n"
GROWTH = "version: 1\nbudgets: [{name: growth, max_increase: {percent: 100}}]\n"
HOSTILE = "a $(touch pwned) `touch pwned` \"b\" 'c'; touch pwned & ::set-output name=verdict::passed.yaml"


class GitHub:
    """Comments of a pull request, over HTTP."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, str]] = []
        self.refuses: dict[str, int] = {}
        board = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                parts = urlsplit(self.path)
                board.asked.append((self.command, self.path, self.headers["Authorization"]))
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, answer = board.answer(self.command, parts.path, parse_qs(parts.query), content)
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"http://{self.headers['Host']}/elsewhere")
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def do_GET(self) -> None:
                self.answer()

            def do_POST(self) -> None:
                self.answer()

            def do_PATCH(self) -> None:
                self.answer()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def answer(self, method: str, path: str, query: dict[str, list[str]], content: bytes) -> tuple[int, Any]:
        if method in self.refuses:
            return self.refuses[method], {"message": "refused"}
        if method == "GET" and path == "/repos/team/shop/issues/7/comments":
            size, number = int(query["per_page"][0]), int(query["page"][0])
            return 200, self.comments[size * (number - 1) : size * number]
        if method == "POST" and path == "/repos/team/shop/issues/7/comments":
            comment = {"id": 1000 + len(self.comments), "user": {"type": "Bot"}, **json.loads(content)}
            self.comments.append(comment)
            return 201, comment
        [found] = [c for c in self.comments if path == f"/repos/team/shop/issues/comments/{c['id']}"]
        assert method == "PATCH"
        found.update(json.loads(content))
        return 200, found

    def ours(self) -> list[str]:
        return [c["body"] for c in self.comments if c["user"]["type"] == "Bot" and c["body"].startswith("<!-- costkit")]


@pytest.fixture
def github() -> Iterator[GitHub]:
    board = GitHub()
    board.thread.start()
    yield board
    board.server.shutdown()
    board.thread.join()
    board.server.server_close()


class Checkout:
    """A repository with a base and a head, and the shell that works in it."""

    def __init__(self, place: Path, cache: str) -> None:
        self.home, self.work = place / "home", place / "origin"
        for directory in (self.home, self.work, place / "runner"):
            directory.mkdir()
        self.place = place
        self.environment = {
            **console.environment(self.home),
            "XDG_CACHE_HOME": cache,
            **{f"GIT_{who}_{what}": "me@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        self.git("init", "-q", "-b", "main")
        self.base = ""

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.work, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, **files: str) -> str:
        for name, text in files.items():
            (self.work / name.replace("_", ".")).write_text(text, encoding="utf-8")
        return self.committed()

    def committed(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")
        return self.git("rev-parse", "HEAD")

    def clone_shallow(self) -> None:
        """Work on from a clone that has the last commit of a branch only, as CI systems make it."""
        self.git("switch", "-q", "-c", "change")
        clone = self.place / "clone"
        self.git("clone", "-q", "--depth=1", "--single-branch", self.work.as_uri(), str(clone))
        self.work = clone
        unknown = subprocess.run(["git", "cat-file", "-e", self.base], cwd=clone, capture_output=True, check=False)
        assert unknown.returncode

    def nothing_ran(self) -> bool:
        return not [*self.place.rglob("pwned")]


@pytest.fixture
def checkout(tmp_path: Path, environment: dict[str, str]) -> Checkout:
    made = Checkout(tmp_path, environment["XDG_CACHE_HOME"])
    made.base = made.commit(costkit_yaml=SPEC % 1, budget_yaml=BUDGET, growth_yaml=GROWTH)
    return made


class Ended(NamedTuple):
    """What a run of the action left behind."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


def pairs(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines()) if file.exists() else {}


def value_of(expression: str, contexts: dict[str, Any]) -> Any:
    """A GitHub expression, as far as the action has them: paths, ``||`` and ``== 'text'``."""
    for alternative in expression.split(" || "):
        path, _, wanted = alternative.partition(" == ")
        found: Any = contexts
        for key in path.split("."):
            found = (found or {}).get(key, "")
        if wanted:
            return found == wanted.strip("'")
        if found:
            return found
    return ""


def filled(text: str, contexts: dict[str, Any]) -> str:
    return EXPRESSION.sub(lambda match: str(value_of(match[1], contexts)), text)


def run_action(
    checkout: Checkout, github: GitHub, event: dict[str, Any] | None = None, install: bool = False, **inputs: str
) -> Ended:
    """Run every step as GitHub's runner would. ``install=False`` leaves out only the step that installs."""
    runner = checkout.place / "runner"
    if event is None:
        event = {"pull_request": {"number": 7, "base": {"sha": checkout.base}}}
    (runner / "event.json").write_text(json.dumps(event), encoding="utf-8")
    summary = runner / "summary.md"
    given = {name: str(one.get("default", "")) for name, one in ACTION["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    contexts: dict[str, Any] = {"inputs": given, "github": {"event": event, "token": "secret-token"}, "steps": {}}
    given["token"] = filled(given["token"], contexts)
    log, code = "", 0
    for number, step in enumerate(ACTION["runs"]["steps"]):
        if step.get("id") == "install" and not install:
            contexts["steps"]["install"] = {"outputs": {"bin": str(checkout.home / "bin")}}
            continue
        if "if" in step and filled(step["if"], contexts) != "True":
            continue
        assert step["shell"] == "bash"
        script, outputs = runner / f"{number}.sh", runner / f"{number}.out"
        script.write_text(step["run"], encoding="utf-8")
        outputs.write_text("", encoding="utf-8")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=checkout.work / filled(step.get("working-directory", "."), contexts),
            env={
                **checkout.environment,
                "GITHUB_ACTION_PATH": str(ROOT),
                "GITHUB_ACTIONS": "true",
                "GITHUB_API_URL": github.address,
                "GITHUB_EVENT_PATH": str(runner / "event.json"),
                "GITHUB_OUTPUT": str(outputs),
                "GITHUB_REPOSITORY": "team/shop",
                "GITHUB_STEP_SUMMARY": str(summary),
                "RUNNER_TEMP": str(runner),
                **{name: filled(text, contexts) for name, text in step.get("env", {}).items()},
            },
            capture_output=True,
            text=True,
            check=False,
        )
        log += done.stdout + done.stderr
        contexts["steps"][step.get("id", str(number))] = {"outputs": pairs(outputs)}
        code = done.returncode
        if code:
            break
    found = {name: filled(output["value"], contexts) for name, output in ACTION["outputs"].items()}
    assert "secret-token" not in log
    return Ended(code, log, found, summary.read_text(encoding="utf-8") if summary.exists() else "")


def test_an_exceeded_budget_comments_once_and_fails(checkout: Checkout, github: GitHub) -> None:
    checkout.commit(costkit_yaml=SPEC % 3)
    ended = run_action(checkout, github, budget="budget.yaml")
    assert ended.code == 3, ended.log
    # 3 x 3.65 against 1 x 3.65
    assert ended.outputs["verdict"] == "failed"
    assert ended.outputs["monthly-cost"] == "10.95"
    assert ended.outputs["change"] == "7.3"
    assert ended.outputs["exit-code"] == "3"
    assert "::error file=costkit.yaml,line=4,endLine=4,title=Budget total exceeded::" in ended.log
    [body] = github.ours()
    assert ended.summary == body
    assert "| total (budget) |" in body
    reports = Path(ended.outputs["reports"])
    assert json.loads((reports / "costkit.json").read_text(encoding="utf-8"))["verdict"] == "failed"
    assert json.loads((reports / "costkit.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert {token for _, _, token in github.asked} == {"Bearer secret-token"}


def test_the_second_run_updates_the_comment_in_place(checkout: Checkout, github: GitHub) -> None:
    talk = {"body": "What do you think?", "user": {"type": "User"}, "author_association": "MEMBER"}
    checkout.commit(costkit_yaml=SPEC % 3)
    github.comments = [{"id": number, **talk} for number in range(230)]
    run_action(checkout, github, budget="budget.yaml")
    github.comments += [{"id": number, **talk} for number in range(230, 260)]
    checkout.commit(costkit_yaml=SPEC % 2)
    ended = run_action(checkout, github, budget="budget.yaml")
    assert ended.code == 0, ended.log
    assert ended.outputs["verdict"] == "passed"
    assert "the comment was updated" in ended.log
    [body] = github.ours()
    assert "7.30 USD a month, +3.65" in body
    assert [method for method, _, _ in github.asked if method != "GET"] == ["POST", "PATCH"]
    # The summary is appended to.
    assert ended.summary.count("<!-- costkit:check:shop -->") == 2


def test_a_marker_in_a_comment_of_a_stranger_is_not_ours(checkout: Checkout, github: GitHub) -> None:
    marked = {"body": "<!-- costkit:check:shop -->\nAll is well.", "user": {"type": "User"}}
    github.comments = [{"id": 1, **marked, "author_association": "NONE"}]
    run_action(checkout, github, budget="budget.yaml")
    assert github.comments[0]["body"].endswith("All is well.")
    assert len(github.ours()) == 1
    github.comments = [{"id": 1, **marked, "author_association": "MEMBER"}]
    run_action(checkout, github, budget="budget.yaml")
    assert "3.65 USD a month" in github.comments[0]["body"]


def test_two_plans_have_a_comment_each(checkout: Checkout, github: GitHub) -> None:
    checkout.commit(costkit_yaml=(SPEC % 1).replace("name: shop\n", ""))
    for name in ("staging", "prod -->", "staging"):
        assert run_action(checkout, github, budget="budget.yaml", comment_name=name).code == 0
    markers = [body.partition("\n")[0] for body in github.ours()]
    assert markers == ["<!-- costkit:check:staging -->", "<!-- costkit:check:prod -->"]


def test_a_large_report_fits_into_a_comment(checkout: Checkout, github: GitHub) -> None:
    names = "".join(f"  address_{number}_{'x' * 90}: {{type: public_ipv4}}\n" for number in range(900))
    checkout.commit(costkit_yaml="version: 1\nregion: us-east-1\nresources:\n" + names)
    ended = run_action(checkout, github, budget="budget.yaml")
    assert ended.code == 3
    [body] = github.ours()
    assert body.startswith("<!-- costkit:check -->\n")
    assert 20_000 < len(body) <= 65_536


def test_what_is_not_known_ends_with_4(checkout: Checkout, github: GitHub) -> None:
    checkout.commit(costkit_yaml=UNKNOWN)
    ended = run_action(checkout, github, budget="budget.yaml")
    assert ended.code == 4
    assert ended.outputs["verdict"] == "incomplete"
    assert "AT LEAST" in github.ours()[0]
    ended = run_action(checkout, github, budget="budget.yaml", args="--allow-incomplete")
    assert ended.code == 0


def test_a_file_with_mistakes_ends_with_2_and_without_a_comment(checkout: Checkout, github: GitHub) -> None:
    checkout.commit(costkit_yaml="version: 1\nresources: {a: {type: lambda}}\n")
    ended = run_action(checkout, github, budget="budget.yaml")
    assert ended.code == 2
    assert ended.outputs["verdict"] == "error"
    assert ended.outputs["monthly-cost"] == ""
    assert "CK107" in ended.log
    assert "::error title=costkit::nothing was judged" in ended.log
    assert not github.asked


@pytest.mark.parametrize(
    ("method", "status", "told"),
    [
        ("POST", 403, "::notice title=costkit::GitHub refuses a comment (403)"),
        ("GET", 403, "::notice title=costkit::GitHub refuses a comment (403)"),
        ("GET", 500, "::warning title=costkit::GitHub answered 500 to GET"),
        ("POST", 302, "::warning title=costkit::GitHub answered 302 to POST"),
        ("GET", 301, "::warning title=costkit::GitHub answered 301 to GET"),
    ],
)
def test_a_comment_that_is_refused_changes_no_verdict(
    checkout: Checkout, github: GitHub, method: str, status: int, told: str
) -> None:
    github.refuses[method] = status
    ended = run_action(checkout, github, budget="budget.yaml")
    assert ended.code == 0
    assert told in ended.log
    assert ended.summary.startswith("<!-- costkit:check:shop -->")
    # The token went nowhere else.
    assert not [path for _, path, _ in github.asked if "elsewhere" in path]
    checkout.commit(costkit_yaml=SPEC % 3)
    assert run_action(checkout, github, budget="budget.yaml").code == 3


def test_a_server_that_is_away_changes_no_verdict(checkout: Checkout, github: GitHub) -> None:
    github.address = "http://127.0.0.1:1"
    ended = run_action(checkout, github, budget="budget.yaml")
    assert ended.code == 0
    assert "::warning title=costkit::GitHub cannot be asked: URLError" in ended.log


def test_without_a_pull_request_there_is_no_comment_and_no_baseline(checkout: Checkout, github: GitHub) -> None:
    ended = run_action(checkout, github, event={"ref": "refs/heads/main"}, budget="budget.yaml")
    assert ended.code == 0
    assert ended.outputs["change"] == ""
    assert "no comment: this run is not for a pull request" in ended.log
    assert not github.asked


def test_no_comment_is_written_where_none_is_wanted(checkout: Checkout, github: GitHub) -> None:
    assert run_action(checkout, github, budget="budget.yaml", comment="false").code == 0
    assert not github.asked


def test_a_merge_queue_is_compared_with_its_base(checkout: Checkout, github: GitHub) -> None:
    checkout.commit(costkit_yaml=SPEC % 2)
    ended = run_action(checkout, github, event={"merge_group": {"base_sha": checkout.base}}, budget="growth.yaml")
    assert ended.code == 0
    assert ended.outputs["change"] == "3.65"


@pytest.mark.parametrize("reference", ["", "main", "origin/main"])
def test_a_baseline_that_was_not_fetched_is_fetched(checkout: Checkout, github: GitHub, reference: str) -> None:
    checkout.git("switch", "-q", "-c", "work")
    checkout.commit(costkit_yaml=SPEC % 3)
    checkout.clone_shallow()
    ended = run_action(checkout, github, budget="growth.yaml", baseline_ref=reference)
    assert ended.code == 3, ended.log
    assert ended.outputs["change"] == "7.3"


def test_a_baseline_that_nobody_has_is_told(checkout: Checkout, github: GitHub) -> None:
    ended = run_action(checkout, github, budget="growth.yaml", baseline_ref="--upload-pack=touch pwned")
    assert ended.code == 2
    assert "CK405" in ended.log
    assert checkout.nothing_ran()


def test_a_plan_that_git_does_not_track_is_its_own_baseline(checkout: Checkout, github: GitHub) -> None:
    shutil.copy(ROOT / "tests" / "plans" / "shop.json", checkout.work / "plan.json")
    shutil.copy(ROOT / "tests" / "plans" / "shop.usage.yml", checkout.work / "usage.yaml")
    more = "--allow-incomplete\n--region=us-east-1\n"
    ended = run_action(checkout, github, files="plan.json", usage="usage.yaml", budget="growth.yaml", args=more)
    assert ended.code == 0, ended.log
    assert ended.outputs["change"].startswith("1170.")
    assert "CK407" not in ended.log


def test_a_baseline_may_be_declined(checkout: Checkout, github: GitHub) -> None:
    assert run_action(checkout, github, budget="budget.yaml", baseline_ref="none").outputs["change"] == ""


def test_a_checkout_beside_the_workspace_is_named(checkout: Checkout, github: GitHub) -> None:
    (checkout.work / "infra").mkdir()
    (checkout.work / "infra" / "costkit.yaml").write_text(SPEC % 3, encoding="utf-8")
    shutil.move(checkout.work / "budget.yaml", checkout.work / "infra")
    checkout.committed()
    ended = run_action(checkout, github, budget="budget.yaml", working_directory="infra")
    assert ended.code == 3
    assert "CK407" in ended.log


def test_hostile_names_run_nothing(checkout: Checkout, github: GitHub) -> None:
    names = [HOSTILE, f"-o {HOSTILE}"]
    for number, name in enumerate(names):
        spec = (SPEC % 1).replace("address", f"address{number}").replace("name: shop", f"name: {json.dumps(HOSTILE)}")
        (checkout.work / name).write_text(spec, encoding="utf-8")
    (checkout.work / f"budget {HOSTILE}").write_text(BUDGET, encoding="utf-8")
    checkout.committed()
    ended = run_action(
        checkout,
        github,
        files="\n".join([*names, ""]),
        budget=f"budget {HOSTILE}",
        args="--set=address0.count=2\n \n",
    )
    assert ended.code == 3, ended.log
    assert ended.outputs["verdict"] == "failed"
    assert ended.outputs["monthly-cost"] == "10.95"
    assert checkout.nothing_ran()
    ended = run_action(checkout, github, files="costkit.yaml", args=HOSTILE, baseline_ref=HOSTILE)
    assert ended.code == 2
    assert checkout.nothing_ran()


def test_messages_about_files_are_no_workflow_commands(checkout: Checkout, github: GitHub) -> None:
    name = "::set-output name=verdict::passed.yaml"
    (checkout.work / name).write_text("version: 2\n", encoding="utf-8")
    ended = run_action(checkout, github, files=name, budget="budget.yaml")
    assert ended.code == 2
    before, stopped = ended.log.split("::stop-commands::", 1)
    token, rest = stopped.split("\n", 1)
    assert re.fullmatch("[0-9a-f]{32}", token)
    inside, after = rest.split(f"\n::{token}::\n")
    assert name in inside
    assert name not in before + after


def test_no_script_of_the_action_has_an_expression_in_it() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert "set -euo pipefail" in step["run"] or len(step["run"].splitlines()) == 1


def test_it_installs_itself_and_runs(checkout: Checkout, github: GitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole action, offline: pip builds with the packages of this environment, and asks no index."""
    source = checkout.place / "action"
    for name in ("costkit", "pricing", "integrations"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "compiled"))
    for name in ("hatch_build.py", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "constraints.txt"):
        shutil.copy(ROOT / name, source / name)
    monkeypatch.setattr(sys.modules[__name__], "ROOT", source)
    shutil.rmtree(checkout.home / "bin")
    paths = sysconfig.get_paths()
    checkout.environment |= {
        "PYTHONPATH": os.pathsep.join(dict.fromkeys([paths["purelib"], paths["platlib"]])),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_CONFIG_FILE": os.devnull,
    }
    checkout.commit(costkit_yaml=SPEC % 3)
    ended = run_action(checkout, github, install=True, budget="budget.yaml", python=sys.executable)
    assert ended.code == 3, ended.log
    [command] = (checkout.place / "runner").glob("costkit.*/bin/costkit")
    assert os.access(command, os.X_OK)
    assert len(github.ours()) == 1


def test_an_old_python_is_told(checkout: Checkout, github: GitHub) -> None:
    old = checkout.home / "old python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(old.stat().st_mode | stat.S_IXUSR)
    for python in (str(old), str(checkout.home / "none")):
        ended = run_action(checkout, github, install=True, budget="budget.yaml", python=python)
        assert ended.code == 2
        assert "::error title=costkit::costkit needs Python 3.11" in ended.log


SHELLS = (["bash", "-eo", "pipefail"], ["sh", "-e"])


def run_gitlab(checkout: Checkout, shell: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the script of the job, with the template's variables under one's own, as GitLab expands them."""
    template = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))
    platform = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": checkout.base}
    defaults = {
        name: re.sub(r"\$(\w+)", lambda match: platform[match[1]], text) for name, text in template["variables"].items()
    }
    script = "\n".join(template["costkit"]["script"])
    return subprocess.run(
        [*shell, "-c", script],
        cwd=checkout.work,
        env={**checkout.environment, **platform, **defaults, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
def test_gitlab_has_every_report_after_a_failure(checkout: Checkout, shell: list[str]) -> None:
    checkout.git("switch", "-q", "-c", "work")
    checkout.commit(costkit_yaml=SPEC % 3)
    checkout.clone_shallow()
    done = run_gitlab(checkout, shell)
    assert done.returncode == 3, done.stderr
    assert "failed: of 1 gate 1 failed" in done.stdout
    artifacts = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["costkit"]["artifacts"]
    assert artifacts["when"] == "always"
    for name in [*artifacts["paths"], *artifacts["reports"].values()]:
        assert (checkout.work / name).stat().st_size, name
    [finding] = json.loads((checkout.work / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert finding["location"] == {"path": "costkit.yaml", "lines": {"begin": 4}}
    assert pairs(checkout.work / "costkit.env")["COSTKIT_CHANGE"] == "7.3"


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
def test_gitlab_runs_nothing_out_of_names(checkout: Checkout, shell: list[str]) -> None:
    (checkout.work / HOSTILE).write_text(UNKNOWN, encoding="utf-8")
    (checkout.work / "-o x").write_text(SPEC % 1, encoding="utf-8")
    (checkout.work / f"budget {HOSTILE}").write_text(BUDGET, encoding="utf-8")
    checkout.committed()
    variables = {"COSTKIT_FILES": f"-o x\n{HOSTILE}", "COSTKIT_BUDGET": f"budget {HOSTILE}"}
    assert run_gitlab(checkout, shell, **variables).returncode == 4
    more = run_gitlab(checkout, shell, **variables, COSTKIT_ARGS="--allow-incomplete\n--set=api.memory=1 GB")
    assert more.returncode == 0, more.stderr
    assert pairs(checkout.work / "costkit.env")["COSTKIT_MONTHLY_COST"] == "3.65"
    assert run_gitlab(checkout, shell, COSTKIT_BASELINE_REF=HOSTILE).returncode != 0
    assert checkout.nothing_ran()


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
def test_gitlab_judges_without_a_baseline(checkout: Checkout, shell: list[str]) -> None:
    done = run_gitlab(checkout, shell, COSTKIT_BASELINE_REF="", COSTKIT_BUDGET="", COSTKIT_ARGS="--max-monthly=1")
    assert done.returncode == 3, done.stderr
    assert "COSTKIT_CHANGE" not in pairs(checkout.work / "costkit.env")


def pre_commit(checkout: Checkout, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=checkout.work,
        env={**checkout.environment, "PRE_COMMIT_HOME": str(checkout.home / "pre-commit")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_pre_commit_runs_the_hooks(checkout: Checkout) -> None:
    """With pre-commit itself and the entries of the manifest; costkit comes from PATH instead of an environment."""
    hooks = [{**hook, "language": "system"} for hook in HOOKS]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (checkout.work / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    checkout.committed()
    done = pre_commit(checkout, "run", "--all-files")
    assert done.returncode == 0, done.stdout
    assert "Total a month" in done.stdout
    assert "passed: of 1 gate 1 passed" in done.stdout

    (checkout.work / "README.md").write_text("words\n")
    checkout.git("add", "-A")
    assert pre_commit(checkout, "run").stdout.count("(no files to check)Skipped") == 2

    (checkout.work / "costkit.yaml").write_text(SPEC % 3)
    checkout.git("add", "-A")
    done = pre_commit(checkout, "run")
    assert done.returncode == 1
    assert "exit code: 3" in done.stdout
    assert "total failed: 10.95 USD" in done.stdout

    (checkout.work / "costkit.yaml").write_text("version: 1\nresources: {a: {type: lambda}}\n")
    checkout.git("add", "-A")
    assert pre_commit(checkout, "run").stdout.count("exit code: 2") == 2


def test_the_hook_judges_growth_as_git_commits_it(checkout: Checkout) -> None:
    """Called by git itself, with the variables that git sets, and with the arguments that the page shows."""
    [repo] = yaml.safe_load(snippets()[".pre-commit-config.yaml"])["repos"]
    [shown] = [hook for hook in repo["hooks"] if hook["id"] == "costkit-gate"]
    [hook] = [{**hook, **shown, "language": "system"} for hook in HOOKS if hook["id"] == shown["id"]]
    checkout.commit(budget_yaml=GROWTH)
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (checkout.work / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    checkout.committed()
    assert pre_commit(checkout, "install").returncode == 0
    checkout.environment["PRE_COMMIT_HOME"] = str(checkout.home / "pre-commit")
    checkout.commit(costkit_yaml=SPEC % 2)
    (checkout.work / "costkit.yaml").write_text(SPEC % 5)
    command = ["git", "commit", "-a", "-m", "more"]
    done = subprocess.run(
        command, cwd=checkout.work, env=checkout.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "growth failed: +10.95 USD" in done.stderr + done.stdout


def test_the_hooks_are_made_as_pre_commit_wants_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert not [hook["id"] for hook in HOOKS if hook["pass_filenames"] or shlex.split(hook["entry"])[0] != "costkit"]


def validate(schema: str, file: Path) -> None:
    """Compare a file with the schema that its platform publishes, as check-jsonschema ships it."""
    transform = ["--data-transform", "gitlab-ci"] if schema == "gitlab-ci" else []
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *transform, str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


FILES = [("github-actions", "action.yml"), ("gitlab-ci", "integrations/gitlab-ci.yml")]


@pytest.mark.parametrize(("schema", "name"), FILES)
def test_files_are_as_their_platforms_want_them(schema: str, name: str) -> None:
    validate(schema, ROOT / name)


def snippets() -> dict[str, str]:
    """The YAML blocks of the page, by the file name in their first line."""
    blocks = re.findall(r"^```yaml\n# (\S+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return dict(blocks)


def test_workflows_on_the_page_are_as_github_wants_them(tmp_path: Path) -> None:
    found = {name: text for name, text in snippets().items() if name.startswith(".github/workflows/")}
    assert len(found) >= 2
    for name, text in found.items():
        file = tmp_path / Path(name).name
        file.write_text(text, encoding="utf-8")
        validate("github-workflows", file)
        for job in yaml.safe_load(text)["jobs"].values():
            uses = [step.get("with", {}) for step in job["steps"] if "costkit" in step.get("uses", "").lower()]
            assert uses
            assert {key for given in uses for key in given} <= set(ACTION["inputs"])


def test_the_pipeline_on_the_page_is_as_gitlab_wants_it(tmp_path: Path) -> None:
    text = snippets()[".gitlab-ci.yml"]
    file = tmp_path / "gitlab-ci.yml"
    file.write_text(text, encoding="utf-8")
    validate("gitlab-ci", file)
    template = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))
    assert set(yaml.safe_load(text)["variables"]) <= set(template["variables"])


def test_the_hooks_on_the_page_are_those_of_the_manifest(checkout: Checkout) -> None:
    file = checkout.work / ".pre-commit-config.yaml"
    file.write_text(snippets()[file.name], encoding="utf-8")
    assert pre_commit(checkout, "validate-config").returncode == 0
    [repo] = yaml.safe_load(snippets()[file.name])["repos"]
    assert {hook["id"] for hook in repo["hooks"]} == {hook["id"] for hook in HOOKS}
