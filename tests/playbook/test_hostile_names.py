# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of an attacker, through every module, role, inventory, lookup, report and event: they are only ever text.

Nothing of them is run, no file is where it does not belong, nothing written has the client secret, and no sentence has
what a terminal obeys. What Ansible prints of a result as data is Ansible's own (SECURITY.md).
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import hostile
from support.catalogue import MODULES
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.faults import status
from support.playbook import Controller, Run, visible
from support.tasks import task
from support.whole_tenant import seed, seeded_key, seeded_profile, seeded_topic

from ansible_collections.panw.airs.plugins.module_utils._tenant.watch import Watch

#: What Ansible prints of a result that failed, as data.
_DUMP = re.compile(r"^(fatal|failed): .*=> \{")
_INFOS = {
    "custom_topic": "custom_topics",
    "security_profile": "security_profiles",
    "api_key": "api_keys",
    "customer_app": "customer_apps",
    "deployment_profile": "deployment_profiles",
    "dlp_profile": "dlp_profiles",
}


@pytest.fixture
def hostile_tenant(emulator: Emulator) -> None:
    """Objects of every kind under every name."""
    seed(
        emulator,
        custom_topics=[seeded_topic(name, topic_id=f"t-{place}") for place, name in enumerate(hostile.NAMES)],
        ai_profiles=[seeded_profile(name, (f"t-{place}", name)) for place, name in enumerate(hostile.NAMES)],
        api_keys=[seeded_key(name, name, rotation_time_interval=10) for name in hostile.NAMES],
        deployment_profiles=[
            {"dp_name": name, "auth_code": f"D8{place:06}"} for place, name in enumerate(hostile.NAMES)
        ],
    )


def unsafe(text: str) -> str:
    """A text as a value in YAML that Ansible does not evaluate."""
    return f"!unsafe {json.dumps(text)}"


def assert_harmless(run: Run, controller: Controller) -> None:
    """Hold all that a run has shown and written to what this file says."""
    assert hostile.harm(controller.folder) == []
    shown = [line for line in run.output.split("\n") if not _DUMP.match(line)]
    assert hostile.raw("\n".join(shown)) == []
    assert [line for event in run.events for line in hostile.raw_sentences(event.result)] == []


def played(controller: Controller, *tasks: JsonObject, **options: Any) -> Run:
    """Run tasks that may fail, each by itself, without -v: what a terminal shows."""
    run = controller.play(*[{"ignore_errors": True, **each} for each in tasks], verbosity=0, **options)
    assert_harmless(run, controller)
    return run


@pytest.mark.usefixtures("hostile_tenant")
def test_modules_take_and_tell_hostile_names(controller: Controller) -> None:
    path = str(controller.folder / "exported")
    purge = {"state": "overridden", "tsg_id": ACCOUNT.tsg_id, "purge": ["api_keys"], "max_deletions": 0}
    loop = {
        "loop": "{{ topics.custom_topics | map(attribute='topic_name') }}",
        "loop_control": {"label": "{{ item | panw.airs.printable }}"},
    }
    some = {**loop, "loop": "{{ (topics.custom_topics | map(attribute='topic_name') | list)[::3] }}"}
    checked = {**some, "check_mode": True}
    run = played(
        controller,
        *[task(f"{kind} info", f"airs_{kind}_info", {}) for kind in _INFOS],
        task("topics", "airs_custom_topic_info", {}, register="topics"),
        task("info", "airs_tenant_info", {}, register="found"),
        task("same", "airs_tenant", {"config": "{{ found.config }}"}),
        task("purge", "airs_tenant", {"config": {"api_keys": []}, **purge}),
        task("drift", "airs_tenant_drift_info", {"config": "{{ found.config }}"}),
        task("export", "airs_tenant_export", {"path": path}, diff=True),
        task("read back", "airs_tenant", {"config_path": path}),
        task("lint", "airs_tenant_lint", {"config_path": path}),
        task("unknown", "airs_security_profile", {"name": "{{ item }}", "topics": {"block": ["{{ item }}x"]}}, **loop),
        task("delete", "airs_custom_topic", {"name": "{{ item }}", "state": "absent"}, diff=True, **loop),
        task(
            "key",
            "airs_api_key",
            {"name": "{{ item }}", "regenerate": "always", "secret_path": "{{ item }}"},
            **checked,
        ),
        task("key app", "airs_customer_app", {"name": "{{ item }}", "state": "absent"}, **checked),
        task("token", "airs_oauth_token", {"oauth_client_id": "{{ item }}", "customer_app": "{{ item }}"}, **checked),
        task("plan", "airs_api_key_rotation_info", {"names": ["{{ item }}", "{{ item }}x"]}, **checked),
        task("rotate", "airs_api_key_rotation", {"names": ["{{ item }}"], "path": f"{path}/{{name}}"}, **checked),
        task(
            "places",
            "airs_secret_file",
            {"step": "look", "keys": "{{ {item: item} }}", "path": f"{path}/{{name}}"},
            **loop,
        ),
        task("doctor", "airs_doctor", {}),
        task("log", "airs_scan_log_info", {}),
        task(
            "scan",
            "airs_scan",
            {"api_key": "no-key", "profile_name": "{{ item }}", "contents": [{"name": "{{ item }}", "prompt": "x"}]},
            **checked,
        ),
        task("app", "airs_application", {"name": "{{ item }}", "state": "absent"}, diff=True, check_mode=True, **loop),
        {
            "name": "lookup",
            "ansible.builtin.set_fact": {"codes": "{{ lookup('panw.airs.airs_auth_code', item ~ 'x') }}"},
            **loop,
        },
    )
    names = {row["topic_name"] for row in run["topics"]["custom_topics"]}
    assert {*hostile.NAMES} <= names
    assert run["same"].get("changed") is False, run["same"].get("msg")
    assert run["read back"].get("changed") is False, run["read back"].get("msg")
    assert "max_deletions" in run["purge"]["msg"]
    assert {event.action.rpartition(".")[2] for event in run.events} >= set(MODULES), "a module is missing here"


@pytest.mark.usefixtures("hostile_tenant")
def test_rotation_takes_and_tells_hostile_names(controller: Controller) -> None:
    folder = controller.folder / "secrets"
    folder.mkdir()
    sink = {"type": "file", "path": f"{folder}/{{name}}.key"}
    variables = controller.folder / "variables.yml"
    given = {
        "airs_secret_sink": sink,
        "rotate_api_keys_names": [*hostile.SHOWN[::2]],
        "rotate_api_keys_verify_delay": 0,
        "rotate_api_keys_rotation_time_interval": 90,
    }
    variables.write_text(yaml.safe_dump(given), encoding="utf-8")
    run = controller.run([{"import_playbook": "panw.airs.rotate"}], "-e", f"@{variables}", verbosity=0)
    assert run.exit_code == 0, run.output
    assert_harmless(run, controller)
    assert len(visible(folder)) == len(hostile.SHOWN[::2])


@pytest.mark.usefixtures("hostile_tenant")
def test_the_role_tenant_tells_hostile_names(controller: Controller) -> None:
    report = controller.folder / "report"
    play = f"""
- hosts: localhost
  gather_facts: false
  tasks:
    - panw.airs.airs_tenant_info:
      register: found
    - ansible.builtin.include_role:
        name: panw.airs.tenant
        tasks_from: "{{{{ part }}}}"
      vars:
        tenant_config:
          custom_topics: "{{{{ found.config.custom_topics[3:] + [{{'name': fresh, 'description': fresh}}] }}}}"
        tenant_report_directory: {report}
        tenant_drift_fails: false
        tenant_export_path: {controller.folder}/exported
        fresh: {unsafe(hostile.WORST[1])}
      loop: [drift, export]
      loop_control: {{loop_var: part}}
"""
    run = controller.run(play, verbosity=0)
    assert run.exit_code == 0, run.output
    assert_harmless(run, controller)
    for path in (path for path in controller.folder.rglob("*") if path.suffix in (".html", ".txt", ".json", ".yml")):
        if path.parent.parent.name == "exported" or path.parent == report:
            assert hostile.raw(path.read_text(encoding="utf-8")) == [], path


@pytest.mark.usefixtures("hostile_tenant")
@pytest.mark.parametrize("name", hostile.WORST, ids=ascii)
def test_onboarding_and_offboarding_tell_hostile_names(controller: Controller, name: str) -> None:
    play = f"""
- hosts: localhost
  gather_facts: false
  vars:
    hostile_name: {unsafe(name)}
    onboard_app_name: "{{{{ hostile_name }}}}"
    onboard_app_environment: prod
    onboard_app_cloud_provider: aws
    onboard_app_allow_unprotected: true
    onboard_app_verify_delay: 0
    onboard_app_deployment_profile: "{{{{ deployment_profile }}}}"
    deployment_profile: {unsafe(hostile.NAMES[0])}
    offboard_app_name: "{{{{ hostile_name }}}}"
    offboard_app_confirm: "{{{{ hostile_name }}}}"
    offboard_app_remove_secret: true
    airs_secret_sink: {{type: file, path: "{controller.folder}/{{name}}.key"}}
  tasks:
    - ansible.builtin.include_role: {{name: panw.airs.onboard_app}}
    - ansible.builtin.include_role: {{name: panw.airs.offboard_app}}
"""
    run = controller.run(play, verbosity=0)
    assert run.exit_code == 0, run.output
    assert_harmless(run, controller)


@pytest.mark.usefixtures("hostile_tenant")
def test_an_inventory_tells_hostile_names(controller: Controller) -> None:
    file = controller.folder / "airs.yml"
    file.write_text(yaml.safe_dump({"plugin": "panw.airs.airs", "strict": True}), encoding="utf-8")
    show = {"name": "Show", "ansible.builtin.debug": {"msg": "{{ airs_app_name | panw.airs.printable }}"}}
    run = controller.run([{"hosts": "airs_apps", "gather_facts": False, "tasks": [show]}], "-i", str(file), verbosity=0)
    assert run.exit_code == 0, run.output
    assert_harmless(run, controller)
    assert len(run.results("Show")) >= len(hostile.NAMES)


@pytest.mark.usefixtures("hostile_tenant")
def test_events_and_their_log_tell_hostile_names(
    emulator: Emulator, controller: Controller, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    config = tmp_path / "config.yml"
    topics = [{"name": name, "description": "x"} for name in hostile.NAMES]
    config.write_text(yaml.safe_dump({"custom_topics": topics}), encoding="utf-8")
    emulator.add_fault(status(400, body={"error": {"message": hostile.WORST[1]}}), path="*/apikeys")
    watch = Watch(
        {
            "client_id": ACCOUNT.client_id,
            "client_secret": ACCOUNT.client_secret,
            "base_url": emulator.base_url,
            "token_base_url": emulator.token_url,
            "config_path": str(config),
        }
    )
    with caplog.at_level(logging.DEBUG):
        events = [*watch.poll(), *watch.poll()]
    assert hostile.raw(caplog.text) == []
    assert list(hostile.raw_sentences(events)) == []
    assert {*hostile.NAMES} <= {event.get("name") for event in events}
    assert hostile.harm(tmp_path) == []
