"""The `earthweek` command: a group whose commands are imported when somebody types them.

The service runs for weeks and must not carry the reports with it, and a container asks `doctor --ready` twice a minute.
So this module imports next to nothing, and each command's module imports at its top what that command needs. For a list
of all of them, the docstrings are read from the sources.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points, version
from importlib.util import find_spec
from pkgutil import resolve_name
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli import standard_output

COMMANDS = {
    "init": "bot.cli.init:init",
    "check": "bot.cli.check:check",
    "headcounts": "bot.cli.headcounts:headcounts",
    "new": "bot.cli.new:new",
    "plan": "bot.cli.plan:plan",
    "report": "bot.cli.report:report",
    "notice": "bot.cli.notice:notice",
    "site": "bot.cli.site:site",
    "kit": "bot.cli.kit:kit",
    "manifest": "bot.cli.manifest:manifest",
    "doctor": "bot.cli.doctor:doctor",
    "run": "bot.cli.run:run",
    "backup": "bot.cli.backup:backup",
    "move": "bot.cli.move_database:move",
    "texts": "bot.cli.texts:app",
    "words": "bot.cli.words:words",
    "people": "bot.cli.erase_people:app",
}
"""The bot's own commands, and where they are."""

PLUGINS = "earthweek.commands"
"""The entry points of commands that other packages bring, such as the rehearsal."""

_NOT_INSTALLED = "Not part of this installation."


class _Commands(Mapping[str, Any]):
    """Commands by name; reading one imports its module."""

    def __iter__(self) -> Iterator[str]:
        yield from COMMANDS
        # A plugin cannot replace a command of the bot's own.
        yield from sorted(_plugins().keys() - COMMANDS.keys())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, name: str) -> Any:
        # Entry points are looked for in every installed package, which takes longer than the probe itself.
        if name in COMMANDS:
            return _command(name, resolve_name(COMMANDS[name]))
        plugin = _plugins()[name]
        try:
            return _command(name, plugin.load())
        except ModuleNotFoundError as error:
            # Something that the plugin needs is missing: that is a mistake, and keeps its traceback.
            if error.name != plugin.module.partition(".")[0]:
                raise
            return _command(name, _missing(name, plugin.module), ignore_unknown_options=True, allow_extra_args=True)


class _LazyGroup(TyperGroup):
    """A group that knows the names of its commands before it has imported any."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands: Any = _Commands()

    def list_commands(self, ctx: Any) -> list[str]:
        """Return every name; typer's own would import all modules for it."""
        del ctx
        return [*self.commands]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help with every command in it."""
        self.commands = {name: TyperCommand(name, help=_summary(name)) for name in self.commands}
        super().format_help(ctx, formatter)


app = typer.Typer(cls=_LazyGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _print_version(asked: bool) -> None:  # noqa: FBT001 - typer's callback
    if asked:
        typer.echo(f"earthweek {version('earthweek')}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
]


@app.callback()
def earthweek(version: VersionOption = False) -> None:
    """A company's Earth Week in Slack: tips, pledges and Earth Hour, in every country's language and local time."""
    del version


def main() -> None:
    """Run a command; what can be mended by the person who typed it is said in a sentence, without a traceback."""
    standard_output.prepare()
    try:
        app()
    except Exception as error:
        # Most of the bot is imported for it, which a command that works does not need.
        from bot.cli.error_sentences import sentences  # noqa: PLC0415

        said = sentences(error)
        if not said:
            raise
        sys.exit("\n".join(said))
    finally:
        # Python writes what is left in the buffer after `main`, when nobody can report that it failed.
        if lost := standard_output.finish():
            sys.exit(lost)


def _summary(name: str) -> str:
    """Return the docstring of a command's function, which has the command's name."""
    module = COMMANDS[name].partition(":")[0] if name in COMMANDS else _plugins()[name].module
    try:
        # It imports the packages around the module, and not the module.
        source = find_spec(module).loader.get_source(module)  # type: ignore[union-attr]
    except ModuleNotFoundError:
        return _NOT_INSTALLED
    functions = (each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef))
    return next((ast.get_docstring(each) or "" for each in functions if each.name == name), "")


def _plugins() -> dict[str, EntryPoint]:
    return {each.name: each for each in entry_points(group=PLUGINS)}


def _command(name: str, target: Any, **context_settings: Any) -> Any:
    """Return what typer runs: of a function a command, of a `Typer` the group it is."""
    if isinstance(target, typer.Typer):
        group = typer.main.get_command(target)
        group.name = name
        return group
    # Typer builds a command only as a part of an application, so each gets one of its own.
    alone = typer.Typer(add_completion=False)
    alone.command(name, context_settings=context_settings)(target)
    return typer.main.get_command(alone)


def _missing(name: str, module: str) -> Callable[[], None]:
    def missing() -> None:
        package = module.partition(".")[0]
        typer.echo(
            f"{name} is not part of this installation, which has been built without {package}/; "
            "install the whole package with pip, or use a checkout.",
            err=True,
        )
        raise typer.Exit(1)

    return missing
