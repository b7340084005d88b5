"""The ``costkit`` command: finds its subcommands by file, and turns what goes wrong into sentences."""

import contextlib
import os
import signal
import sys
from importlib import import_module

import click

from costkit import __version__
from costkit.cli import exit_codes
from costkit.cli.output import harmless_lines
from costkit.model.problem import CostkitError
from costkit.services import command_of, type_of, types

COMMANDS = {
    "check": "Judge by budgets and rules: the gate of a pipeline.",
    "collect": "Ask an AWS account what runs in it and how it is used.",
    "compare": "Say which is cheaper, and from where on: compute, redshift, regions, commitments.",
    "diff": "Show what a change does to the cost.",
    "doctor": "Say what this installation is and has.",
    "estimate": "Price a spec.",
    "explain": "Show the arithmetic and the sources behind each number.",
    "init": "Write a spec to start from.",
    "optimize": "Say what to change, with what it saves.",
    "prices": "List, show, check, compare and refresh the price tables.",
    "report": "Report a month of a bill for finance.",
    "schema": "Print a JSON Schema: of a spec, a budget file, a price table, or of what a command writes.",
}
# Not every system has all of them.
ENDING = ("SIGTERM", "SIGHUP")


class Commands(click.Group):
    """Commands by file name, and one for each resource type; each is imported only when it is called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [*COMMANDS, *(command_of(kind) for kind in types())]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in COMMANDS:
            command: click.Command = import_module(f"costkit.cli.{name}").command
            return command
        kind = type_of(name)
        if not kind:
            return None
        from costkit.cli.one_liner import command_for

        return command_for(kind)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not type_of(name) and not name.startswith("-"):
            from costkit.inputs.binding import nearest

            hint = nearest(name, self.list_commands(context))
            raise click.UsageError(f"no command {name!r}." + (f"\n  hint: {hint}" if hint else ""), context)
        return super().resolve_command(context, args)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        with formatter.section("Price one resource without a file"):
            names = ", ".join(sorted(command_of(kind) for kind in types()))
            formatter.write_text(names)


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"costkit {__version__}")
        context.exit()


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="costkit lambda --requests 30M --duration '120 ms' --region eu-west-1",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show it.")
def cli() -> None:
    """What AWS will charge, before you deploy: exact, explained, offline."""


def main() -> None:
    """Run the command line and end the process with its exit code, or by the signal that told it to end."""
    told = _heeding()
    code = run(sys.argv[1:])
    # Everything is written by now. Tearing down the interpreter piece by piece would take a tenth of a
    # one-liner's time, and seconds after a large fleet.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
    for number in told:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(code)


def _heeding() -> list[int]:
    """Let whoever ends us, as a pipeline's time limit does, do it as Ctrl-C does: nothing is left behind.

    Returns the list that such a signal is put in when it comes.
    """
    told: list[int] = []

    def end(number: int, frame: object) -> None:
        if not told:
            told.append(number)
            raise KeyboardInterrupt

    for name in ENDING:
        number = getattr(signal, name, None)
        # What is ignored stays so, as under nohup.
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, end)
    return told


def run(args: list[str]) -> int:
    """Run the command line with these arguments; returns the exit code."""
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    try:
        code = cli.main(args, prog_name="costkit", standalone_mode=False)
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
        return code if isinstance(code, int) else exit_codes.ANSWERED
    except CostkitError as error:
        for problem in error.problems:
            click.echo(harmless_lines(str(problem)), err=True)
        return exit_codes.REFUSED
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return exit_codes.REFUSED
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        if context is not None:
            click.echo(f"{context.get_usage()}\nTry '{context.command_path} --help' for help.\n", err=True)
        click.echo(harmless_lines(f"Error: {error.format_message()}"), err=True)
        return exit_codes.REFUSED
    except SystemExit:
        # click ends like this, without a word, when whoever read our answer has closed the pipe.
        return exit_codes.ANSWERED
    except (click.Abort, KeyboardInterrupt):
        click.echo("", err=True)
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our answer has had enough. Nothing may be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.ANSWERED
    except OSError as error:
        click.echo(f"the answer cannot be written: {error.strerror}", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exit_codes.REFUSED
    except Exception as error:
        if "-v" in args or "--verbose" in args:
            raise
        click.echo(f"costkit met a bug: {type(error).__name__}: {error}", err=True)
        click.echo("  hint: run it again with -v and report what it prints, with the command", err=True)
        return exit_codes.BUG
