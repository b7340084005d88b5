"""How ``costkit compare`` answers: the comparison to each output, what is missing, and the exit code."""

from collections.abc import Callable, Iterable
from importlib import import_module

from costkit.cli.answer import exit_code
from costkit.cli.options import FORMATS as ALL_FORMATS
from costkit.cli.options import Asked
from costkit.cli.output import look_of, warn, write
from costkit.model.comparison import Comparison

FORMATS = tuple(form for form in ALL_FORMATS if form != "explain")


def answered(found: Comparison, asked: Asked, own: str = "as_", most: int | None = None) -> int:
    """Write a comparison and say what is missing; returns the exit code.

    ``own`` begins the names of its reports; ``most`` is how many options people are shown, None for all.
    """
    only = {} if most is None else {"most": most}

    def rendered(form: str, on_screen: bool) -> Iterable[str]:
        render: Callable[..., Iterable[str]] = import_module(f"costkit.reports.compare.{own}{form}").render
        if form == "table":
            width, color = look_of(on_screen, asked.color)
            return render(found, width, color, **only)
        return render(found, **(only if form == "markdown" else {}))

    write(rendered, asked.format, asked.outputs, FORMATS)
    warn(found.problems, asked.quiet)
    return exit_code(not any(problem.hides_cost for problem in found.problems), found.problems, asked)
