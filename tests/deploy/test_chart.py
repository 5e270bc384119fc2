from __future__ import annotations

import json
import tomllib
from ipaddress import ip_address, ip_network
from typing import Any

import kubernetes_validate
import pytest
from ruamel.yaml import YAML

from bot.settings import Settings
from tests.image.dockerfile import last_stage

from .helm import CHART, NEEDED, ROOT, Manifest, merged, only, refusal, rendered, run_helm

OVER_HTTP: Manifest = {
    "ingress": {
        "enabled": True,
        "host": "bot.example.com",
        "tls": [{"hosts": ["bot.example.com"], "secretName": "tls"}],
    },
    "networkPolicy": {
        "from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}],
        "metricsFrom": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}],
    },
}
EVERYTHING: Manifest = merged(
    OVER_HTTP,
    {
        "image": {"repository": "registry.example.com/earthweek", "digest": f"sha256:{'a' * 64}"},
        "settings": {"EARTHWEEK_MESSAGES_PER_MINUTE": "100", "HTTPS_PROXY": "http://proxy.example.com:8080"},
        "campaign": {"folder": "/campaigns/c", "configMaps": [{"name": "c", "items": [{"key": "a", "path": "b/a"}]}]},
        "podAnnotations": {"example.com/team": "it"},
        "nodeSelector": {"disk": "ssd"},
        "tolerations": [{"key": "spot", "operator": "Exists"}],
        "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
            {"topologyKey": "zone", "labelSelector": {"matchLabels": {"a": "b"}}},
        ]}},
    },
)  # fmt: skip
BARE: Manifest = {"networkPolicy": {"enabled": False}, "disruption": {"enabled": False}, "resources": None}

VERSIONS = ("1.27", "1.37")
"""The oldest that the chart allows, and the newest whose schemas there are."""


def pods(manifests: list[Manifest]) -> list[Manifest]:
    return [only(manifests, "Deployment")["spec"]["template"]["spec"], only(manifests, "Pod")["spec"]]


def test_helms_own_linter_finds_nothing() -> None:
    done = run_helm("lint", "--strict", str(CHART), values=merged(NEEDED, EVERYTHING))
    assert done.returncode == 0, done.stdout
    assert "[WARNING]" not in done.stdout


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("values", [{}, EVERYTHING, BARE], ids=["needed", "everything", "bare"])
def test_kubernetes_schemas_take_all_of_it(values: Manifest, version: str) -> None:
    manifests = rendered(values)
    for manifest in manifests:
        kubernetes_validate.validate(manifest, version, strict=True)
    assert {"Deployment", "Service", "ServiceAccount", "Pod"} <= {each["kind"] for each in manifests}


def test_schemas_would_refuse_a_misspelt_field() -> None:
    deployment = only(rendered(), "Deployment")
    deployment["spec"]["template"]["spec"]["containers"][0]["readinessProbes"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, VERSIONS[-1], strict=True)


def test_pods_may_do_next_to_nothing() -> None:
    for pod in pods(rendered(EVERYTHING)):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        [container] = pod["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert pod["automountServiceAccountToken"] is False
        [user] = [rest for word, rest in last_stage() if word == "USER"]
        assert f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}" == user
        writable = {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
        assert writable == {"/tmp", "/data"}  # noqa: S108 - the container's


def test_probes_ask_what_the_bot_answers() -> None:
    [container] = pods(rendered())[0]["containers"]
    paths = {name: container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")}
    assert paths == {"startup": "/health/live", "liveness": "/health/live", "readiness": "/health/ready"}
    server = (ROOT / "bot" / "web" / "server.py").read_text("utf-8")
    assert all(f'"{path}"' in server for path in paths.values())
    [port] = [pair for word, rest in last_stage() if word == "ENV" for pair in rest.split() if pair.startswith("PORT=")]
    assert f"PORT={container['ports'][0]['containerPort']}" == port


def test_secrets_are_named_and_never_written() -> None:
    manifests = rendered(EVERYTHING)
    assert not any(each["kind"] == "Secret" for each in manifests)
    for pod in pods(manifests):
        [container] = pod["containers"]
        assert container["envFrom"] == [{"secretRef": {"name": "slack"}}]
        by_name = {each["name"]: each for each in container["env"]}
        assert by_name["DATABASE_URL"]["valueFrom"] == {"secretKeyRef": {"name": "database", "key": "uri"}}
        assert {name.lower() for name in by_name} <= set(Settings.model_fields)


def test_selectors_find_the_bot_and_not_its_doctor() -> None:
    manifests = rendered()
    labels = only(manifests, "Deployment")["spec"]["template"]["metadata"]["labels"].items()
    doctor = only(manifests, "Pod")["metadata"]["labels"].items()
    for selector in (
        only(manifests, "Service")["spec"]["selector"],
        only(manifests, "Deployment")["spec"]["selector"]["matchLabels"],
        only(manifests, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
    ):
        assert selector.items() <= labels
        assert not selector.items() <= doctor
    confined = only(manifests, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"].items()
    assert confined <= labels
    assert confined <= doctor


def test_a_bot_that_is_not_ready_never_holds_a_node() -> None:
    budget = only(rendered(), "PodDisruptionBudget")["spec"]
    assert budget["maxUnavailable"] == 1
    assert budget["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


def test_only_names_the_database_and_slack_are_reached() -> None:
    policy = only(rendered(), "NetworkPolicy")["spec"]
    assert sorted(policy["policyTypes"]) == ["Egress", "Ingress"]
    assert policy["ingress"] == []
    by_port = {rule["ports"][0]["port"]: rule["to"] for rule in policy["egress"]}
    assert by_port.keys() == {53, 5432, 443}
    assert all(by_port.values()), "a rule without peers lets everything out"
    [slack] = [each["ipBlock"] for each in by_port[443]]
    for inside in ("10.1.2.3", "172.20.0.1", "192.168.7.7", "169.254.169.254", "100.64.0.9"):
        assert not _lets_through(slack, inside)
    assert _lets_through(slack, "3.120.10.20")


def _lets_through(block: dict[str, Any], address: str) -> bool:
    there = ip_address(address)
    return there in ip_network(block["cidr"]) and not any(there in ip_network(each) for each in block["except"])


def test_whoever_sends_events_sees_no_metrics() -> None:
    manifests = rendered(OVER_HTTP)
    let_in = only(manifests, "NetworkPolicy")["spec"]["ingress"]
    assert [rule["ports"][0]["port"] for rule in let_in] == ["http", "metrics"]
    assert let_in[0]["from"] != let_in[1]["from"]
    [container] = pods(manifests)[0]["containers"]
    ports = {each["name"]: each["containerPort"] for each in container["ports"]}
    [address] = [each["value"] for each in container["env"] if each["name"] == "EARTHWEEK_METRICS_ADDRESS"]
    assert address == f"0.0.0.0:{ports['metrics']}"
    assert ports["metrics"] != ports["http"]


def test_over_http_only_slacks_requests_come_in() -> None:
    [rule] = only(rendered(OVER_HTTP), "Ingress")["spec"]["rules"]
    assert [(each["path"], each["pathType"]) for each in rule["http"]["paths"]] == [("/slack/events", "Exact")]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "set slack.secret to the name"),
        (merged(NEEDED, {"database": {"secret": ""}}), "set database.secret to the name"),
        (merged(NEEDED, {"networkPolicy": {"database": {"peers": []}}}), "set networkPolicy.database.peers to where"),
        (merged(NEEDED, {"ingress": {"enabled": True, "host": "a.example"}}), "set networkPolicy.from to where"),
        (merged(NEEDED, {"replica": 3}), "additional properties 'replica' not allowed"),
        (merged(NEEDED, {"settings": {"PORT": "8080"}}), "invalid propertyName 'PORT'"),
        (merged(NEEDED, {"image": {"digest": "latest"}}), "does not match pattern"),
    ],
)
def test_what_cannot_work_is_refused_in_words(values: Manifest, says: str) -> None:
    assert says in refusal(merged({"networkPolicy": {"enabled": True}}, values))


def test_the_chart_has_the_bots_version() -> None:
    chart = YAML(typ="safe").load(CHART / "Chart.yaml")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert (chart["version"], chart["appVersion"]) == (version, version)


def test_every_value_has_a_schema() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text("utf-8"))
    values = YAML(typ="safe").load(CHART / "values.yaml")
    assert set(values) == set(schema["properties"]) - {"global", "nameOverride", "fullnameOverride"}
