# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Relative paths start in the folder of the playbook, through every door and role, wherever Ansible was started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from support.emulator import Emulator, JsonObject
from support.playbook import Controller, visible
from support.tasks import API_KEY, TOPIC, api_key, task
from support.tenant import Tenant
from support.whole_tenant import seed, seeded_key, seeded_topic

ELSEWHERE = {"all": {"hosts": {"elsewhere": {"ansible_connection": "airs_elsewhere"}}}}


def _key(name: str, **more: object) -> JsonObject:
    return {"name": name, **API_KEY, "customer_app": name, "regenerate": "expiring", **more}


def _role(name: str, tasks: str = "main", **variables: object) -> JsonObject:
    include = {"name": f"panw.airs.{name}", "tasks_from": tasks}
    return {"name": name, "ansible.builtin.include_role": include, "vars": variables}


def _tasks() -> list[JsonObject]:
    """A task for each door, module and role that takes paths."""
    own = {"type": "tasks", "file": "sink.yml", "journal_directory": "journals"}
    keys = {"api_keys": [_key("of-config", secret_path="keys/of-config.key"), _key("of-folder")]}
    return [
        api_key("here", _key("here", secret_path="./keys/here.key")),
        api_key("as a module", _key("job", secret_path="keys/job.key"), **{"async": 60, "poll": 1}),
        task("tenant", "airs_tenant", {"config": keys, "secret_dir": "keys"}),
        task("from files", "airs_tenant", {"config_path": "tenant"}),
        task("token", "airs_oauth_token", {"oauth_client_id": "id", "customer_app": "here", "secret_path": "token"}),
        task("export", "airs_tenant_export", {"path": "exported"}),
        task("read", "airs_secret_file", {"step": "read", "path": "keys/{name}.key", "keys": {"here": ""}}),
        _role("rotate_api_keys", airs_secret_sink=own, rotate_api_keys_names=["owned"], rotate_api_keys_verify=False),
        _role("tenant", "drift", tenant_config_path="tenant", tenant_report_directory="report"),
    ]


OWN_SINK = """
- name: Read
  ansible.builtin.set_fact:
    secret_sink_last8: "{{ (lookup('ansible.builtin.file', 'stored', errors='ignore') or '')[-8:] }}"
  when: secret_sink_step == 'read'
- name: Store
  ansible.builtin.copy:
    src: "{{ secret_sink_file }}"
    dest: "{{ playbook_dir }}/stored"
    mode: "0600"
  no_log: true
  when: secret_sink_step == 'store'
"""


@pytest.mark.program
def test_all_paths_start_at_the_playbook_wherever_ansible_was_started(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    seed(emulator, custom_topics=[seeded_topic("there")], api_keys=[seeded_key("owned", "owned")])
    play: JsonObject = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": _tasks()}
    playbook = controller.playbook([play])
    folder = playbook.parent
    for name in ("keys", "tenant", "elsewhere/keys"):
        (folder / name).mkdir(parents=True)
    (folder / "sink.yml").write_text(OWN_SINK, encoding="utf-8")
    (folder / "tenant" / "all.yml").write_text(yaml.safe_dump({"custom_topics": [{"name": "advice", **TOPIC}]}))
    seen = []
    for number, start in enumerate((folder / "elsewhere", controller.folder)):
        exit_code, output = controller.call("ansible-playbook", str(playbook), start=start)
        assert exit_code == 0, output
        assert visible(folder / "elsewhere") == ["keys"]
        names = ("here", "job", "of-config", "of-folder")
        assert visible(folder / "keys") == sorted(f"{name}.key" for name in names)
        secrets = {name: (folder / "keys" / f"{name}.key").read_text(encoding="utf-8") for name in names}
        assert all(tenant.accepts(secret) for secret in secrets.values())
        assert tenant.accepts((folder / "stored").read_text(encoding="utf-8"))
        assert (folder / "exported" / "custom_topics").is_dir()
        assert (folder / "report" / "drift.json").is_file()
        assert (folder / "token").is_file()
        seen.append(secrets)
        assert number == 0 or seen[0] == secrets
    assert list(Path(controller.folder).glob("*.key")) == []


@pytest.mark.program
def test_with_a_playbook_of_the_collection_they_start_where_ansible_was_started(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    seed(emulator, custom_topics=[seeded_topic("there")], api_keys=[seeded_key("rotated", "rotated")])
    start = controller.folder / "project"
    (start / "keys").mkdir(parents=True)
    sink = {"airs_secret_sink": {"type": "file", "path": "keys/{name}.key"}, "rotate_api_keys_names": ["rotated"]}
    (start / "sink.yml").write_text(yaml.safe_dump({**sink, "rotate_api_keys_verify": False}), encoding="utf-8")
    exports = ("panw.airs.export", "-e", "tenant_export_path=exported")
    drift = ("panw.airs.drift", "-e", "tenant_config_path=exported", "-e", "tenant_report_directory=report")
    for arguments in (exports, ("panw.airs.rotate", "-e", "@sink.yml"), drift):
        exit_code, output = controller.call("ansible-playbook", *arguments, start=start)
        assert exit_code == 0, output
    assert (start / "exported" / "custom_topics" / "there.yml").is_file()
    assert (start / "report" / "drift.html").is_file()
    assert tenant.accepts((start / "keys" / "rotated.key").read_text(encoding="utf-8"))
    installed = Path(os.environ["AIRS_COLLECTIONS_PATH"], "ansible_collections/panw/airs/playbooks")
    assert all(path.suffix == ".yml" for path in installed.iterdir())


def test_on_another_machine_a_relative_path_is_refused(controller: Controller, emulator: Emulator) -> None:
    there = {"delegate_to": "elsewhere", "ignore_errors": True}
    run = controller.play(
        api_key("key", _key("bot", secret_path="./bot.key", ca_path="ca.pem"), **there),
        task("export", "airs_tenant_export", {"path": "exported"}, **there),
        task("file", "airs_secret_file", {"step": "read", "path": "{name}", "keys": {"bot": ""}}, **there),
        inventory=ELSEWHERE,
    )
    for name, options in {"key": "ca_path and secret_path", "export": "path", "file": "path"}.items():
        assert run[name]["msg"] == (
            f"Relative paths are not supported on another host: use absolute paths for {options}. Nothing was changed."
        )
    assert emulator.journal() == []
