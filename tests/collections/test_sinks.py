# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sinks that other collections write: AWS Secrets Manager against moto's server, Vault and Kubernetes against ours.

They need the collections, which the session C(collections) of nox installs, and are no part of C(make test).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
import yaml
from moto.server import ThreadedMotoServer
from support import kubernetes
from support import kv2 as key_value
from support.emulator import Emulator, JsonObject
from support.playbook import Controller, Run
from support.tasks import BOT, ROTATE, SHOW_ALL
from support.tenant import Tenant

#: Fields that are in the secret already, and are the business of others.
OTHERS = {"owner": "team-bots"}


class Sink:
    """A place, its options, and how a test reads and fills it."""

    def __init__(self, options: JsonObject, read: Callable[[], JsonObject], fill: Callable[[JsonObject], Any]) -> None:
        self.options = options
        self.read = read
        self.fill = fill


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    """The address of moto's server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def client(moto_server: str) -> Any:
    """A client of moto's Secrets Manager."""
    return boto3.client(
        "secretsmanager",
        region_name="eu-central-1",
        endpoint_url=moto_server,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


@pytest.fixture
def aws(client: Any, moto_server: str, controller: Controller) -> Sink:
    """AWS Secrets Manager, as moto has it."""
    controller.variables |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    name = f"airs/{controller.folder.name}/bot"
    options = {
        "type": "aws_secretsmanager",
        "name": name.replace("/bot", "/{name}"),
        "connection": {"region": "eu-central-1", "endpoint_url": moto_server},
    }

    def read() -> JsonObject:
        try:
            found: JsonObject = json.loads(client.get_secret_value(SecretId=name)["SecretString"])
        except client.exceptions.ResourceNotFoundException:
            return {}
        return found

    def fill(fields: JsonObject) -> None:
        try:
            client.create_secret(Name=name, SecretString=json.dumps(fields))
        except client.exceptions.ResourceExistsException:
            client.put_secret_value(SecretId=name, SecretString=json.dumps(fields))

    return Sink(options, read, fill)


@pytest.fixture
def kv2() -> Iterator[key_value.KeyValueServer]:
    """A server with a KV version 2 engine."""
    server = key_value.KeyValueServer()
    yield server
    server.stop()


@pytest.fixture
def vault(kv2: key_value.KeyValueServer) -> Sink:
    """HashiCorp Vault, as far as our own server knows it."""
    path = "/v1/kv/data/airs/bot"
    options = {
        "type": "hashi_vault",
        "path": "airs/{name}",
        "mount": "kv",
        "connection": {"url": kv2.url, "auth_method": "token", "token": key_value.TOKEN},
    }
    return Sink(
        options,
        lambda: (kv2.versions.get(path) or [{}])[-1],
        lambda fields: kv2.versions.setdefault(path, []).append(dict(fields)),
    )


@pytest.fixture
def cluster() -> Iterator[kubernetes.KubernetesServer]:
    """A server with the secrets of a namespace."""
    server = kubernetes.KubernetesServer()
    yield server
    server.stop()


@pytest.fixture
def secret(cluster: kubernetes.KubernetesServer) -> Sink:
    """Kubernetes, as far as our own server knows it."""
    options = {
        "type": "kubernetes",
        "name": "airs-{name}",
        "namespace": kubernetes.NAMESPACE,
        "connection": {"host": cluster.url, "api_key": kubernetes.TOKEN},
    }

    def fill(fields: JsonObject) -> None:
        cluster.put("airs-bot", {key: base64.b64encode(value.encode()).decode() for key, value in fields.items()})

    return Sink(options, lambda: cluster.fields("airs-bot"), fill)


@pytest.fixture(params=["aws", "vault", "secret"])
def sink(request: pytest.FixtureRequest) -> Sink:
    """Each of them."""
    found: Sink = request.getfixturevalue(request.param)
    return found


def onboard(controller: Controller, emulator: Emulator, sink: Sink) -> None:
    """Onboard an application as if it was done 55 days ago: 35 days are left, too few for ROTATE only."""
    with emulator.days_ago(55):
        play(controller, "onboard", sink)


def play(controller: Controller, playbook: str, sink: Sink, succeeds: bool = True, **options: Any) -> Run:
    """Run one of the playbooks."""
    journals = str(controller.folder / "journals")
    variables = {"airs_secret_sink": {**sink.options, "journal_directory": journals}, **BOT, **ROTATE, **options}
    file = controller.folder / "variables.yml"
    file.write_text(yaml.safe_dump(variables), encoding="utf-8")
    plays: list[JsonObject] = [{"import_playbook": f"panw.airs.{playbook}"}, SHOW_ALL]
    run = controller.run(plays, "-e", f"@{file}", "--diff")
    assert (run.exit_code == 0) == succeeds, run.output
    for token in (key_value.TOKEN, kubernetes.TOKEN):
        assert token not in run.text
    return run


def test_a_secret_is_stored_rotated_and_kept_beside_other_fields(
    controller: Controller, emulator: Emulator, tenant: Tenant, sink: Sink
) -> None:
    sink.fill(OTHERS)
    onboard(controller, emulator, sink)
    first = sink.read()
    assert set(first) == {"owner", "api_key"}
    assert tenant.accepts(first["api_key"])
    assert "changed=0 " in play(controller, "onboard", sink).output

    play(controller, "rotate", sink)
    second = sink.read()
    assert {**second, "api_key": None} == {**OTHERS, "api_key": None}
    assert first["api_key"] != second["api_key"]
    assert tenant.accepts(second["api_key"])
    emulator.clear_journal()
    assert "changed=0 " in play(controller, "rotate", sink).output
    assert emulator.writes() == []
    assert list((controller.folder / "journals").iterdir()) == []


def test_a_secret_is_made_where_there_is_none_and_taken_back_when_onboarding_fails(
    controller: Controller, tenant: Tenant, sink: Sink
) -> None:
    play(
        controller, "onboard", sink, succeeds=False, onboard_app_scans=[{"prompt": "Hi", "expect": {"action": "block"}}]
    )
    assert (tenant.keys("bot"), sink.read()) == ([], {})
    play(controller, "onboard", sink)
    assert tenant.accepts(sink.read()["api_key"])


def test_a_run_that_died_is_healed_although_its_journal_is_lost(
    controller: Controller, tenant: Tenant, sink: Sink
) -> None:
    """As in a container: only the mark in the sink is left of a run that was killed after the regeneration."""
    play(controller, "onboard", sink)
    sink.fill({**sink.read(), "airs_pending": "true"})
    (row,) = tenant.keys("bot")
    body = {"rotation_time_interval": 90, "rotation_time_unit": "days", "updated_by": "somebody"}
    tenant.call("POST", f"apikey/regenerate/{row['api_key_id']}", json=body)
    run = play(controller, "rotate", sink)
    assert "bot: rotated" in run["Show the summary"]["msg"][1]
    assert tenant.accepts(sink.read()["api_key"])


def test_nothing_is_regenerated_when_vault_refuses_to_be_written(
    controller: Controller, emulator: Emulator, kv2: key_value.KeyValueServer, vault: Sink, tenant: Tenant
) -> None:
    onboard(controller, emulator, vault)
    kv2.read_only = True
    emulator.clear_journal()
    run = play(controller, "rotate", vault, succeeds=False)
    assert "HashiCorp Vault kv/airs/bot could not be written: Permission denied" in run["Show the summary"]["msg"][1]
    assert emulator.writes() == []
    assert tenant.accepts(vault.read()["api_key"])


def test_every_write_to_vault_is_checked(controller: Controller, kv2: key_value.KeyValueServer, vault: Sink) -> None:
    play(controller, "onboard", vault)
    assert len(kv2.versions["/v1/kv/data/airs/bot"]) == 2  # the try, and the secret
    assert kv2.refused == []


def test_a_secret_of_aws_that_is_no_json_is_refused_before_any_change(
    controller: Controller, emulator: Emulator, aws: Sink, client: Any
) -> None:
    client.create_secret(Name=aws.options["name"].replace("{name}", "bot"), SecretString="just text")
    run = play(controller, "onboard", aws, succeeds=False)
    assert "it is no JSON object with fields. Nothing was changed." in run.failure
    assert emulator.writes() == []


def test_nothing_is_regenerated_when_kubernetes_refuses_to_be_written(
    controller: Controller, emulator: Emulator, cluster: kubernetes.KubernetesServer, secret: Sink, tenant: Tenant
) -> None:
    onboard(controller, emulator, secret)
    cluster.read_only = True
    emulator.clear_journal()
    run = play(controller, "rotate", secret, succeeds=False)
    said = run["Show the summary"]["msg"][1]
    assert "the Kubernetes secret bots/airs-bot could not be written: " in said
    assert "secrets is forbidden" in said
    assert emulator.writes() == []
    assert tenant.accepts(secret.read()["api_key"])


def test_fields_of_a_kubernetes_secret_that_are_no_text_are_kept(
    controller: Controller, cluster: kubernetes.KubernetesServer, secret: Sink, tenant: Tenant
) -> None:
    keystore = base64.b64encode(bytes(range(256))).decode()
    cluster.put("airs-bot", {"keystore": keystore})
    play(controller, "onboard", secret)
    stored = cluster.secrets["airs-bot"]["data"]
    assert {**stored, "api_key": None} == {"keystore": keystore, "api_key": None}
    assert tenant.accepts(base64.b64decode(stored["api_key"]).decode())
    assert cluster.unchecked == 0
