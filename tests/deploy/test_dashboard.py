"""The dashboard: Grafana shows nothing and says nothing where a query names a metric or a label that does not exist."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.deploy.promql import grouped_by
from tests.deploy.promtool import promtool

FILE = Path(__file__).parents[2] / "deploy" / "grafana" / "earthweek.json"
DASHBOARD: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
PANELS: list[dict[str, Any]] = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
VARIABLES = {"$job": ".*", "$__rate_interval": "5m"}
"""What Grafana puts in, as a value that Prometheus takes."""


def queries() -> list[str]:
    """Every query, as Prometheus gets it."""
    return [_filled(target["expr"]) for panel in PANELS for target in panel["targets"]]


def _filled(query: str) -> str:
    for name, value in VARIABLES.items():
        query = query.replace(name, value)
    return query


def test_prometheus_takes_every_query(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": query} for number, query in enumerate(queries())]
    file = tmp_path / "queries.yaml"
    YAML(typ="safe").dump({"groups": [{"name": "dashboard", "rules": rules}]}, file)
    assert f"{len(rules)} rules found" in promtool("check", "rules", file)


def test_no_variable_is_left_open() -> None:
    assert [query for query in queries() if "$" in query] == []
    given = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    named = set(re.findall(r"\$\{?(\w+)", FILE.read_text("utf-8")))
    assert {name for name in named if not name.startswith("__")} == given


def test_each_legend_names_a_label_that_is_left() -> None:
    for panel in PANELS:
        for target in panel["targets"]:
            named = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            assert named <= grouped_by(target["expr"]) | {"instance"}, target["expr"]


def test_panels_explain_themselves_and_do_not_overlap() -> None:
    assert all(panel["title"] and panel["description"] for panel in PANELS)
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    taken = Counter(place for panel in DASHBOARD["panels"] for place in _places(panel["gridPos"]))
    assert taken.most_common(1)[0][1] == 1
    assert max(x for x, _y in taken) < 24


def _places(at: dict[str, int]) -> Iterator[tuple[int, int]]:
    return ((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"]))
