"""Keeps the house as its page draws it: who may import whom, and what no module may do."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import nodes, tree

ROOT = Path(__file__).parents[1]
BOT = ROOT / "bot"
FILES = sorted(BOT.rglob("*.py"))
MIGRATIONS = BOT / "store" / "migrations"

# What each room may import of the others. Those that are not named stand on top and may use any.
VALUES = {"campaign", "database", "store", "standings", "messages", "locales"}
MAY_IMPORT: dict[str, set[str]] = {
    "campaign": set(),
    "database": {"logs"},
    "store": {"campaign", "database", "logs"},
    "standings": {"database", "store", "campaign"},
    "messages": {"campaign", "standings"},
    "locales": {"campaign", "messages"},
    "reports": VALUES,
    "slack": {"clock", "logs"},
    "delivery": VALUES | {"clock", "logs", "slack"},
    "listeners": VALUES | {"clock", "logs", "reports", "slack"},
    "settings": {"slack", "database"},
    "clock": set(),
    "logs": set(),
}
# What each room may not import at all.
MAY_NOT_IMPORT: dict[str, set[str]] = {
    "campaign": {"slack_bolt", "slack_sdk", "sqlalchemy", "apscheduler", "aiohttp", "asyncio", "sqlite3", "socket"},
    "messages": {"slack_bolt", "slack_sdk", "sqlalchemy", "apscheduler", "aiohttp", "asyncio", "os", "io", "pathlib"},
    "locales": {"slack_bolt", "slack_sdk", "sqlalchemy", "apscheduler", "aiohttp", "asyncio"},
    "standings": {"slack_bolt", "slack_sdk", "apscheduler", "aiohttp"},
    "database": {"slack_bolt", "slack_sdk", "apscheduler", "aiohttp", "pydantic"},
    "store": {"slack_bolt", "slack_sdk", "apscheduler", "aiohttp"},
    "listeners": {"sqlalchemy", "sqlite3", "apscheduler"},
}
READS_THE_DISK = {"folder.py", "live_reload.py", "campaign_reader.py"}

CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "dt.datetime.now", "dt.datetime.utcnow",
    "dt.datetime.today", "dt.date.today", "datetime.datetime.now", "datetime.date.today", "time.time", "time.time_ns",
    "time.localtime", "time.gmtime", "time.ctime",
}  # fmt: skip

# What may be called while a module is imported, beside classes and a module's own private helpers: it makes a value.
MAKES_A_VALUE = {
    "re.compile", "re.escape", "frozenset", "tuple", "set", "dict", "range", "sorted", "partial", "dict.fromkeys",
    "timedelta", "time", "date", "datetime", "datetime.min.replace", "field", "fields", "auto", "struct.pack",
    "structlog.get_logger", "lru_cache", "cache", "dataclass", "typer.Option", "typer.Argument", "typer.Typer",
    "app.command", "app.callback",
    # the tables of Block Kit, made of small rules
    "shape", "items", "kind", "text", "string", "one_of",
}  # fmt: skip
OF_A_VALUE = {"items", "keys", "values", "join", "split", "startswith", "replace", "format"}
"""Methods of strings and dictionaries."""

DOES_SOMETHING = {"AsyncApp", "AsyncWebClient", "AsyncIOScheduler", "ClientSession", "Settings", "SystemClock", "Bot"}
RUNS = {BOT / "__main__.py", MIGRATIONS / "env.py"}
"""Files that are run and never imported."""

LONGEST = 60
"""Lines of a function, its docstring included."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def room(path: Path) -> str:
    return path.relative_to(BOT).parts[0].removesuffix(".py")


def at(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', 1)}"


def imported(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Everything a file imports, by its full name, wherever in the file it does."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{at(path, node)}: a relative import"
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def rooms_used(path: Path) -> Iterator[tuple[str, ast.AST]]:
    for name, node in imported(path):
        package, _, rest = name.partition(".")
        if package == "bot":
            yield rest.partition(".")[0], node


def functions(path: Path) -> Iterator[Function]:
    return (node for node in nodes(path) if isinstance(node, Function))


def calls_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """Every call that runs when the module is imported: not those inside functions, but their decorators."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            for part in (*child.decorator_list, *child.args.defaults, *(d for d in child.args.kw_defaults if d)):
                yield from calls_at_import(ast.Expr(part))
        elif not isinstance(child, ast.Lambda):
            if isinstance(child, ast.Call):
                yield child
            yield from calls_at_import(child)


def only_makes_a_value(call: ast.Call, helpers: set[str]) -> bool:
    name = ast.unparse(call.func)
    last = name.rpartition(".")[2]
    if isinstance(call.func, ast.Attribute) and last in OF_A_VALUE:
        return True
    is_class = last.lstrip("_")[:1].isupper()
    return name in MAKES_A_VALUE or name in helpers or (is_class and last not in DOES_SOMETHING)


# Who knows whom


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_imports_run_one_way(name: str) -> None:
    wrong = [
        f"{at(path, node)}: {name} imports {used}"
        for path in FILES
        if room(path) == name
        for used, node in rooms_used(path)
        if used not in MAY_IMPORT[name] | {name}
    ]
    assert wrong == []


def test_delivery_and_listeners_never_know_each_other() -> None:
    assert "listeners" not in MAY_IMPORT["delivery"]
    assert "delivery" not in MAY_IMPORT["listeners"]


def test_nothing_below_knows_what_stands_on_top() -> None:
    on_top = {"app", "cli", "run"}
    assert all(not allowed & on_top for allowed in MAY_IMPORT.values())
    assert not on_top & set(MAY_IMPORT)


@pytest.mark.parametrize("name", MAY_NOT_IMPORT)
def test_packages_import_nothing_outside_their_business(name: str) -> None:
    wrong = [
        f"{at(path, node)}: {name} imports {module}"
        for path in FILES
        if room(path) == name
        for module, node in imported(path)
        if module.partition(".")[0] in MAY_NOT_IMPORT[name]
    ]
    assert wrong == []


def test_only_campaign_reader_touches_disk() -> None:
    touching = {
        path.name
        for path in FILES
        if room(path) == "campaign"
        for module, _ in imported(path)
        if module.partition(".")[0] in {"os", "io", "pathlib", "shutil", "tempfile"}
    }
    assert touching <= READS_THE_DISK


def test_the_bot_never_imports_its_rehearsal() -> None:
    assert [at(path, node) for path in FILES for name, node in imported(path) if name.startswith("rehearsal")] == []


def test_the_root_holds_what_everything_else_needs() -> None:
    modules = {path.stem for path in BOT.glob("*.py")}
    assert modules == {"__init__", "__main__", "app", "run", "settings", "logs", "clock"}


@pytest.mark.parametrize("package", ["rehearsal.slack", "rehearsal.html"])
def test_rehearsed_slack_and_html_stand_alone(package: str) -> None:
    folder = ROOT.joinpath(*package.split("."))
    wrong = [
        f"{at(path, node)}: {module}"
        for path in sorted(folder.rglob("*.py"))
        for module, node in imported(path)
        if module.partition(".")[0] in {"bot", "rehearsal"} and not module.startswith(f"{package}.")
    ]
    assert wrong == []


def test_listeners_hold_no_block_dictionaries() -> None:
    wrong = [
        at(path, node)
        for path in FILES
        if room(path) == "listeners"
        for node in nodes(path)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and key.value in {"block_id", "blocks", "elements"}
    ]
    assert wrong == []


# Time and state


def test_only_the_clock_asks_what_time_it_is() -> None:
    asking = {
        at(path, node): ast.unparse(node)
        for path in FILES
        if path != BOT / "clock.py"
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS
    }
    assert asking == {}


def test_no_global_is_set_later() -> None:
    wrong = [at(path, node) for path in FILES for node in nodes(path) if isinstance(node, ast.Global)]
    assert wrong == []


# What happens when a module is imported


@pytest.mark.parametrize("path", [path for path in FILES if path not in RUNS], ids=lambda path: path.stem)
def test_importing_a_module_only_defines_things(path: Path) -> None:
    defines = ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign | ast.ClassDef | Function
    statements = [statement for statement in tree(path).body if not is_guard(statement)]
    for statement in statements:
        is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        assert is_text or isinstance(statement, defines), f"{at(path, statement)} does something"
    helpers = {each.name for each in statements if isinstance(each, Function) and each.name.startswith("_")}
    calls = calls_at_import(ast.Module(statements, []))
    assert [
        f"{at(path, call)}: {ast.unparse(call.func)}" for call in calls if not only_makes_a_value(call, helpers)
    ] == []


def is_guard(statement: ast.stmt) -> bool:
    """`if TYPE_CHECKING:` or `if __name__ == "__main__":`."""
    return isinstance(statement, ast.If) and ast.unparse(statement.test) in {"TYPE_CHECKING", "__name__ == '__main__'"}


WATCHED_IMPORT = """
import sys, importlib

def watch(event, args):
    doing = event.split(".")[0] in {"socket", "sqlite3", "subprocess", "shutil", "tempfile"}
    writing = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    changing = event in {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.putenv", "os.system"}
    reading = event == "open" and str(args[0]).startswith(here) and not str(args[0]).endswith((".py", ".pyc"))
    if mine and (doing or writing or changing or reading):
        seen.append(f"{mine[-1]}: {event} {args}")

here, mine, seen = sys.argv[1], [], []
# What the libraries do when they are imported for the first time is their business.
for name in sys.argv[2:]:
    importlib.import_module(name)
ours = [name for name in sys.modules if name == "bot" or name.startswith("bot.")]
for name in ours:
    del sys.modules[name]
sys.dont_write_bytecode = True
sys.addaudithook(watch)
for name in sys.argv[2:]:
    mine.append(name)
    importlib.import_module(name)
print("\\n".join(seen))
"""


@pytest.mark.thorough
def test_importing_bot_reads_writes_and_connects_to_nothing() -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in FILES
        if path not in RUNS and MIGRATIONS not in path.parents
    ]
    command = [sys.executable, "-c", WATCHED_IMPORT, str(BOT), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603
    assert done.stdout.strip() == ""


# Readable by anybody


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        at(path, node): node.end_lineno - node.lineno + 1
        for path in FILES
        for node in functions(path)
        if node.end_lineno and node.end_lineno - node.lineno + 1 > LONGEST
    }
    assert long == {}


def public(node: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    """The public classes and functions of a module, and the public methods of its public classes."""
    for child in node.body:
        if isinstance(child, Function | ast.ClassDef) and not child.name.startswith("_"):
            yield child
            if isinstance(child, ast.ClassDef):
                yield from public(child)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everything_public_has_docstring(path: Path) -> None:
    assert ast.get_docstring(tree(path)), at(path, tree(path))
    named = [] if MIGRATIONS in path.parents else public(tree(path))
    assert [at(path, node) for node in named if not ast.get_docstring(node)] == []
