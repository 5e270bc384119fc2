"""Three storms of fifty kills each: `python -m tests.storm`, or with `--kills 10 --seed 7 --only sqlite-1`.

One line says what came of each; whatever else was wrong follows it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bot.store.databases import postgresql

from .storm import POSTGRESQL, SQLITE, Outcome, Storm, blow

STORMS = ((SQLITE, 1), (POSTGRESQL, 2), (POSTGRESQL, 3))


def main() -> None:
    """Let them blow one after the other; the exit code is 1 when anything was doubled or lost."""
    wanted = _arguments()
    storms = [Storm(database, replicas, wanted.kills, wanted.seed) for database, replicas in STORMS]
    outcomes = [_show(_blow(storm)) for storm in storms if wanted.only in {None, storm.name}]
    sys.exit(not all(outcome.count.good for outcome in outcomes))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description="Kill the bot, again and again.")
    parser.add_argument("--kills", type=int, default=50, help="in each storm")
    parser.add_argument("--seed", type=int, default=1, help="another one kills at other moments")
    names = [Storm(database, replicas).name for database, replicas in STORMS]
    parser.add_argument("--only", choices=names, help="a single storm")
    return parser.parse_args()


def _blow(storm: Storm) -> Outcome:
    with TemporaryDirectory(prefix="earthweek-storm-") as name:
        if storm.database == SQLITE:
            return blow(storm, f"sqlite:///{name}/bot.db", Path(name))
        with postgresql() as server:
            return blow(storm, server.empty(), Path(name))


def _show(outcome: Outcome) -> Outcome:
    sys.stdout.write(f"{outcome}\n")
    sys.stdout.flush()
    unproved = [] if outcome.asked else ["no kill fell into a post, so that little was proved"]
    for sentence in (*outcome.count.amiss, *unproved):
        sys.stderr.write(f"{outcome.storm.name}: {sentence}\n")
    return outcome


if __name__ == "__main__":
    main()
