"""The command `comity`: rooms in the order of the flow; each is imported when it is asked for."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from types import FrameType

import click

from comity import __version__
from comity.lexicon.errors import ComityError

ROOMS = {
    "actors": "find states and organisations by any code or name",
    "sources": "list publishers, load their files, fetch more",
    "store": "what is loaded, what is missing, whether it is whole",
    "events": "count and list events by type and score",
    "foundations": "what ties two states: trade, people, visas, votes",
    "relations": "the index of a pair's relations; breaks, ranks, comparisons; other measures, votes",
    "reciprocity": "who answers whom, how soon and how steadily; also in series of your own",
    "conduct": "a state's own rules: check, audit and rehearse them; the catalogue of measures",
    "integration": "what closer ties would bring: gravity estimates, simulated scenarios",
    "plan": "what parties could do together: the catalogue; check, make and explain a plan",
    "commitments": "agreements followed to the end: record, import, export, verify, how it stood",
    "watch": "keep a store up with the publisher; alerts, and who is told",
    "brief": "write a brief on a pair, or on one state",
}
EXIT_WRONG_USE = 2
EXIT_CODES = {
    "FetchError": 69,
    "DiskRefused": 73,
    "StoreBusy": 75,
    "StoreDamaged": 1,
    "RegisterBusy": 75,
    "RegisterDamaged": 1,
    "OutOfTime": 75,
    "Conflict": 1,
}


class Rooms(click.Group):
    """A group that imports a room only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the rooms in the order of the flow."""
        return list(ROOMS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a room."""
        if cmd_name not in ROOMS:
            return None
        command = importlib.import_module(f"comity.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the rooms without importing them."""
        with formatter.section("Rooms"):
            formatter.write_dl(list(ROOMS.items()))


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="comity")
@click.option("--debug", is_flag=True, help="Show the full trace of an error.")
@click.pass_context
def comity(context: click.Context, debug: bool) -> None:
    """Follow the relations of any two states from open event data.

    Start with a brief on a pair:  comity brief Germany Poland
    """
    context.obj = {"debug": debug}


def main() -> None:
    """Run the command line; the one place where an error becomes words and an exit code."""
    _listen()
    try:
        code = comity.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; what was acknowledged stays, nothing is half written", err=True)
        code = 130
    except ComityError as error:
        if "--debug" in sys.argv:
            raise
        click.echo(f"comity: {error}", err=True)
        code = EXIT_CODES.get(type(error).__name__, EXIT_WRONG_USE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        click.echo(
            f"comity: unexpected {type(error).__name__}: {error}\n  next:  run again with --debug and report it",
            err=True,
        )
        code = 70
    sys.exit(code if isinstance(code, int) else 0)


def _listen() -> None:
    """End in order when the system asks for it, or when the terminal closes; under nohup go on."""
    signal.signal(signal.SIGTERM, _stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    """End in an orderly way when asked to terminate."""
    raise SystemExit(128 + number)
