# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both doors: the action plugin in the controller, and the real modules on other machines and in async jobs.

These tests run on every supported ansible-core, so they look at nothing that differs between versions.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import stat
import subprocess
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.emulator import ACCOUNT, OTHER_ACCOUNT, Emulator, JsonObject
from support.playbook import ANSIBLE_PLAYBOOK, ELSEWHERE, Controller
from support.tasks import (
    API_KEY,
    CLEAN,
    EVERY_PROTECTION,
    INJECTION,
    TOPIC,
    api_key,
    custom_topic,
    scan,
    scan_with,
    security_profile,
    task,
)

#: Three hosts that fail whoever connects to them.
UNREACHABLE = {"all": {"hosts": {f"host{n}": {"ansible_connection": "airs_unreachable"} for n in (1, 2, 3)}}}
#: Keywords that send a task to the other door.
DELEGATED = {"delegate_to": "other"}
#: Each is given as Ansible has to convert or complete it.
BY_DIRECTION = {
    "prompt": {"toxic_content": {"high": "block"}, "data_leak": {"profiles": "PII", "mask_inline": "yes"}},
    "tool_call": {"urls": {"default": "block"}},
}
ASYNC = {"async": 60, "poll": 1}


# --- the same results ------------------------------------------------------------------------------------------------


def every_step(secret_path: Path) -> list[JsonObject]:
    """Tasks that take every module through all that a door makes of it. Their names are unique.

    Check mode and a second time are taken once with each module; tests/engine/test_modules.py has them for every step.
    """
    bot = {"name": "support-bot"}
    key = {**bot, **API_KEY, "secret_path": str(secret_path)}
    profile = {**bot, **EVERY_PROTECTION}
    milder = {**bot, "prompt_injection": "alert", "topics": {"block": []}, "urls": {}}
    scanned = {"api_key": f"{{{{ lookup('ansible.builtin.file', '{secret_path}') }}}}", "profile_name": "support-bot"}
    prompts = [
        {"prompt": CLEAN, "expect": {"action": "allow", "category": "benign"}},
        {"prompt": INJECTION, "expect": {"action": "block", "detected": ["injection"]}},
    ]
    wrong = [{"prompt": INJECTION, "expect": {"action": "allow"}}]
    steps = [
        *changing("topic", custom_topic, {"name": "advice", **TOPIC}),
        custom_topic("second topic", {"name": "prices", "description": "Prices of competitors"}),
        custom_topic("changed topic", {"name": "advice", "description": "Changed", "examples": []}),
        *changing("profile", security_profile, profile),
        *changing("key", api_key, key),
        scan("scan", {**scanned, "contents": prompts}),
        scan("disappointed scan", {**scanned, "contents": wrong}, ignore_errors=True),
        security_profile("changed profile", milder),
        security_profile("profile by direction", {"name": "agent", "directions": BY_DIRECTION}),
        security_profile(
            "wrong direction", {"name": "agent", "directions": {"prompt": {"urls": "all"}}}, ignore_errors=True
        ),
        api_key("renewed key", {**key, "regenerate": "always"}),
        api_key("returned key", {**key, "regenerate": "always", "secret_path": None}),
        custom_topic("topic in use", {"name": "prices", "state": "absent"}, ignore_errors=True),
        security_profile("no profile", {**bot, "state": "absent"}),
        custom_topic("no topic", {"name": "prices", "state": "absent"}),
        api_key("no key", {**bot, "state": "absent"}),
        task("deployment profiles", "airs_deployment_profile_info", {}),
        task("auth codes", "airs_deployment_profile_info", {"reveal_auth_code": True}),
        task("a DLP profile", "airs_dlp_profile_info", {"name": "PII"}),
        custom_topic("long name", {"name": "n" * 101, **TOPIC}, ignore_errors=True),
        custom_topic("wrong option", {"name": "advice", "colour": "red"}, ignore_errors=True),
        custom_topic("wrong credentials", {"name": "advice", "client_secret": "a guess"}, ignore_errors=True),
        security_profile("unknown topic", {**bot, "topics": {"block": ["advise"]}}, ignore_errors=True),
        api_key("wrong deployment profile", {**key, "deployment_profile": "dp-none"}, ignore_errors=True),
    ]
    return [{**step, "diff": True} for step in steps]


def changing(name: str, kind: Any, options: JsonObject) -> list[JsonObject]:
    """A change in check mode, for real, and once more."""
    return [
        kind(f"{name}, predicted", options, check_mode=True),
        kind(name, options),
        kind(f"{name}, again", options),
    ]


def comparable(result: Any) -> Any:
    """A result without what differs from run to run, and without what Ansible itself adds on one way."""
    if isinstance(result, dict):
        return {
            key: comparable(value)
            for key, value in result.items()
            if key not in ADDED_BY_ANSIBLE and not key.startswith("_ansible_delegated")
        }
    if isinstance(result, list):
        return [comparable(value) for value in result]
    if isinstance(result, str):
        result = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "<id>", result)
        result = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>", result)
    return result


ADDED_BY_ANSIBLE = {
    "invocation",
    "api_key_last8",
    *("ansible_job_id", "started", "finished", "results_file", "ansible_async_watchdog_pid"),
    *("stdout", "stdout_lines", "stderr", "stderr_lines"),
    # ansible-core 2.19 and later say here once more what msg says.
    "exception",
}


def compare_doors(controller: Controller, emulator: Emulator, steps: list[JsonObject], other_door: JsonObject) -> None:
    """Take the same steps through both doors, from the same start, and hold the results and requests together."""
    fast = controller.play(*steps, inventory=ELSEWHERE)
    requests = written(emulator)
    emulator.reset()
    (controller.folder / "secret").unlink()
    other = controller.play(
        *[{**step, **other_door} for step in steps], inventory=ELSEWHERE, variables={"ANSIBLE_PIPELINING": "true"}
    )
    names = [step["name"] for step in steps]
    assert {name: comparable(other[name]) for name in names} == {name: comparable(fast[name]) for name in names}
    assert [other.kinds(name)[-1] for name in names] == [fast.kinds(name)[-1] for name in names]
    assert written(emulator) == requests


@pytest.mark.program
def test_a_delegated_task_gives_the_same_results(controller: Controller, emulator: Emulator) -> None:
    compare_doors(controller, emulator, every_step(controller.folder / "secret"), DELEGATED)


def test_an_async_task_gives_the_same_results(controller: Controller, emulator: Emulator) -> None:
    steps = {step["name"]: step for step in every_step(controller.folder / "secret")}
    wanted = (
        "topic",
        "second topic",
        "profile",
        "profile, again",
        "key",
        "disappointed scan",
        "topic in use",
        "no key",
    )
    compare_doors(controller, emulator, [steps[name] for name in wanted], ASYNC)


def written(emulator: Emulator) -> list[tuple[str, str, Any]]:
    return [
        (entry["method"], re.sub("[0-9a-f-]{36}", "<id>", entry["path"]), entry["status"])
        for entry in emulator.writes()
    ]


# --- where the fast door runs ----------------------------------------------------------------------------------------


def test_a_play_for_unreachable_hosts_works_without_connecting_to_them(
    controller: Controller, emulator: Emulator
) -> None:
    run = controller.play(
        custom_topic("own topic", {"name": "topic of {{ inventory_hostname }}", **TOPIC}),
        custom_topic("topic of all", {"name": "topic of all", **TOPIC}, run_once=True),
        custom_topic("from localhost", {"name": "delegated", **TOPIC}, delegate_to="localhost", run_once=True),
        task("look", "airs_dlp_profile_info", {"name": "PII"}),
        hosts="all",
        inventory=UNREACHABLE,
        keywords={"become": True},
    )
    assert [result["changed"] for result in run.results("own topic")] == [True] * 3
    assert len(run.results("topic of all")) == 1
    assert Counter(entry["body"]["topic_name"] for entry in emulator.writes()) == Counter(
        ["topic of host1", "topic of host2", "topic of host3", "topic of all", "delegated"]
    )
    assert len(emulator.journal("token")) == 1


def test_the_free_strategy_works(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(
        custom_topic("own topic", {"name": "topic of {{ inventory_hostname }}", **TOPIC}),
        custom_topic("same topic", {"name": "topic of {{ inventory_hostname }}", **TOPIC}),
        hosts="all",
        inventory=UNREACHABLE,
        keywords={"strategy": "free"},
    )
    assert [result["changed"] for result in run.results("own topic")] == [True] * 3
    assert [result["changed"] for result in run.results("same topic")] == [False] * 3
    assert len(emulator.writes()) == 3


# --- where options come from -----------------------------------------------------------------------------------------

NO_CREDENTIALS = {"PANW_CLIENT_ID": None, "PANW_CLIENT_SECRET": None}
ACCOUNTS = {
    f"account{n}": {"id": account.client_id, "secret": account.client_secret}
    for n, account in enumerate((ACCOUNT, OTHER_ACCOUNT), 1)
}


def credentials(account: str) -> JsonObject:
    """An C(environment) whose values are templates."""
    return {
        "PANW_CLIENT_ID": f"{{{{ {account}.id }}}}",
        "PANW_CLIENT_SECRET": f"{{{{ {account}.secret }}}}",
    }


@pytest.mark.parametrize("door", [{}, DELEGATED], ids=["here", "delegated"])
def test_environment_is_honoured_the_innermost_wins(
    controller: Controller, emulator: Emulator, door: JsonObject
) -> None:
    topic = {"name": "advice", **TOPIC}
    controller.play(
        {
            "block": [
                custom_topic("block", topic, **door),
                custom_topic("task", topic, environment=credentials("account1"), **door),
            ],
            "environment": credentials("account2"),
        },
        custom_topic("play", {**topic, "state": "absent"}, **door),
        keywords={"environment": credentials("account1"), "vars": ACCOUNTS},
        inventory=ELSEWHERE,
        variables=NO_CREDENTIALS,
    )
    assert [(entry["method"], entry["tsg_id"]) for entry in emulator.writes()] == [
        ("POST", OTHER_ACCOUNT.tsg_id),
        ("POST", ACCOUNT.tsg_id),
        ("DELETE", ACCOUNT.tsg_id),
    ]


def test_environment_is_honoured_by_an_async_job(controller: Controller, emulator: Emulator) -> None:
    # Polled by a task of its own: where Ansible itself polls, it shows the environment of the task at -vvv.
    controller.play(
        custom_topic("start", {"name": "advice", **TOPIC}, **IN_BACKGROUND, environment=credentials("account2")),
        fetched("job"),
        keywords={"vars": ACCOUNTS},
        variables=NO_CREDENTIALS,
    )
    assert [entry["tsg_id"] for entry in emulator.writes()] == [OTHER_ACCOUNT.tsg_id]


def test_an_option_wins_over_environment_and_the_second_variable_name_works(
    controller: Controller, emulator: Emulator
) -> None:
    controller.play(
        custom_topic(
            "options",
            {"name": "advice", **TOPIC, "client_id": "{{ account2.id }}", "client_secret": "{{ account2.secret }}"},
        ),
        custom_topic(
            "community names",
            {"name": "advice", **TOPIC},
            environment={
                "PANW_MGMT_CLIENT_ID": "{{ account1.id }}",
                "PANW_MGMT_CLIENT_SECRET": "{{ account1.secret }}",
            },
        ),
        keywords={"vars": ACCOUNTS},
        variables=NO_CREDENTIALS,
    )
    assert [entry["tsg_id"] for entry in emulator.writes()] == [OTHER_ACCOUNT.tsg_id, ACCOUNT.tsg_id]


@pytest.mark.parametrize("prefix", ["panw.airs.", ""], ids=["full names", "short names"])
def test_module_defaults_of_the_groups_reach_their_members(
    controller: Controller, emulator: Emulator, prefix: str
) -> None:
    path = str(controller.folder / "secret")
    Path(path).touch()  # Ansible 2.16 looks up all defaults at every task
    credentials = {"client_id": "{{ account2.id }}", "client_secret": "{{ account2.secret }}"}
    defaults = {
        "group/panw.airs.airs": {**credentials, "updated_by": "somebody@example.com"},
        "group/panw.airs.airs_scans": {"api_key": f"{{{{ lookup('ansible.builtin.file', '{path}') }}}}"},
        "panw.airs.airs_custom_topic": {"description": "By default"},
    }
    contents = [{"prompt": CLEAN}]
    run = controller.play(
        {"name": "topic", f"{prefix}airs_custom_topic": {"name": "advice"}},
        {"name": "profile", f"{prefix}airs_security_profile": {"name": "bot", "prompt_injection": "block"}},
        {"name": "key", f"{prefix}airs_api_key": {"name": "bot", **API_KEY, "secret_path": path}},
        {"name": "DLP", f"{prefix}airs_dlp_profile_info": {}},
        {"name": "deployment", f"{prefix}airs_deployment_profile_info": {}},
        {"name": "scan", f"{prefix}airs_scan": {"profile_name": "bot", "contents": contents}},
        {"name": "async", f"{prefix}airs_custom_topic": {"name": "advice"}, **ASYNC},
        keywords={
            "collections": [] if prefix else ["panw.airs"],
            "module_defaults": defaults,
            "vars": ACCOUNTS,
        },
        variables=NO_CREDENTIALS,
    )
    assert {entry["tsg_id"] for entry in emulator.journal("management")} == {OTHER_ACCOUNT.tsg_id}
    assert [entry["body"]["created_by"] for entry in emulator.writes()] == ["somebody@example.com"] * 3
    assert run["async"]["custom_topic"]["description"] == "By default"
    assert run["async"]["changed"] is False
    assert [entry["status"] for entry in emulator.journal("scan")] == [200]


# --- keywords of tasks -----------------------------------------------------------------------------------------------


def test_a_loop_lists_once_and_sees_its_own_writes(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(
        custom_topic("topics", {"name": "topic {{ item }}", **TOPIC}, loop=[1, 2, 3, 4, 1]),
        custom_topic("same topics", {"name": "topic {{ item }}", **TOPIC}, loop=[1, 2, 3, 4]),
    )
    assert [item["changed"] for item in run["topics"]["results"]] == [True, True, True, True, False]
    assert run["same topics"]["changed"] is False
    methods = [entry["method"] for entry in emulator.journal("management")]
    assert methods == ["GET", "POST", "POST", "POST", "POST", "GET"]
    assert len(emulator.journal("token")) == 1


def test_until_looks_anew_at_every_try(controller: Controller, emulator: Emulator) -> None:
    nothing = {"kind": "status", "status": 200, "body": {"dlp_profiles": []}}
    emulator.add_fault(nothing, path="*/dlpprofiles", times=2)
    run = controller.play(
        task(
            "wait",
            "airs_dlp_profile_info",
            {"name": "PII"},
            register="found",
            until="found.dlp_profiles | length > 0",
            retries=5,
            delay=0,
        )
    )
    assert run["wait"]["attempts"] == 3
    assert len(emulator.journal("management")) == 3


def test_ignore_errors_and_rescue_keep_the_failure_readable(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(
        custom_topic("ignored", {"name": "n" * 101}, ignore_errors=True, register="outcome"),
        {
            "block": [custom_topic("rescued", {"name": "advice", "examples": ["e" * 251]})],
            "rescue": [{"name": "told", "ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}],
        },
        {
            "name": "judged",
            "ansible.builtin.assert": {"that": ["outcome is failed", "'but has 101' in outcome.msg"]},
        },
    )
    assert run.kinds("ignored") == ["ignored"]
    assert "but has 251" in run["told"]["msg"]
    assert emulator.journal() == []


# --- async -----------------------------------------------------------------------------------------------------------


def fetched(job: str, **keywords: Any) -> JsonObject:
    """A task that waits for the job that was registered as C(job), and registers its result as C(outcome)."""
    return {
        "name": "fetch",
        "ansible.builtin.async_status": {"jid": f"{{{{ {job}.ansible_job_id }}}}"},
        "register": "outcome",
        "until": "outcome is finished",
        "retries": 100,
        "delay": 0.2,
        **keywords,
    }


IN_BACKGROUND = {"async": 60, "poll": 0, "register": "job"}


def test_an_async_job_gives_its_result_to_async_status(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(
        custom_topic("start", {"name": "advice", **TOPIC}, **IN_BACKGROUND),
        fetched("job"),
    )
    assert run["fetch"]["changed"] is True
    assert run["fetch"]["custom_topic"]["topic_name"] == "advice"
    assert len(emulator.writes()) == 1


def test_an_async_job_may_store_a_secret(controller: Controller, emulator: Emulator) -> None:
    path = controller.folder / "secret"
    controller.play(
        api_key("key", {"name": "bot", **API_KEY, "secret_path": str(path)}, **IN_BACKGROUND),
        fetched("job"),
        security_profile("profile", {"name": "support-bot", "prompt_injection": "block"}),
        scan("use it", scan_with(f"{{{{ lookup('ansible.builtin.file', '{path}') }}}}")),
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry["status"] for entry in emulator.journal("scan")] == [200]


# --- secrets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", [{}, DELEGATED], ids=["here", "delegated"])
def test_a_made_secret_is_censored_without_no_log_and_register_has_it(
    controller: Controller, emulator: Emulator, door: JsonObject
) -> None:
    run = controller.play(
        api_key("key", {"name": "bot", **API_KEY}, register="made", **door),
        api_key("keys", {"name": "bot {{ item }}", **API_KEY}, loop=[1, 2], register="loop_made", **door),
        api_key("again", {"name": "bot", **API_KEY}, **door),
        task("codes", "airs_deployment_profile_info", {"reveal_auth_code": True}, register="codes", **door),
        security_profile("profile", {"name": "support-bot", "prompt_injection": "block"}),
        scan("use it", scan_with("{{ made.api_key_secret }}")),
        scan(
            "use them",
            scan_with("{{ item.api_key_secret }}"),
            loop="{{ loop_made.results }}",
            loop_control={"label": "{{ item.api_key.api_key_name }}"},
            no_log=True,
        ),
        {
            "name": "judge",
            "ansible.builtin.assert": {
                "that": [
                    "'api_key' not in made.api_key",
                    "codes.deployment_profiles[0].auth_code is match('D.......$')",
                ]
            },
        },
        inventory=ELSEWHERE,
    )
    for name in ("key", "codes"):
        assert "censored" in run[name]
        assert run[name].keys() <= {"censored", "changed", "_ansible_no_log", "_ansible_delegated_vars", "warnings"}
    items = [event.result for event in run.events if event.task == "keys" and event.kind == "item ok"]
    assert len(items) == 2
    assert all("censored" in item for item in [*items, *run["keys"].get("results", [])])
    assert "censored" not in run["again"] or door
    assert [entry["status"] for entry in emulator.journal("scan")] == [200] * 3


@pytest.mark.parametrize("door", [{}, DELEGATED], ids=["here", "delegated"])
def test_a_stored_secret_is_shown_to_register_only_and_encrypted_in_the_controller(
    controller: Controller, door: JsonObject
) -> None:
    (controller.folder / "bot.key").write_text("stored-secret", encoding="utf-8")
    given = {"step": "read", "path": f"{controller.folder}/{{name}}.key", "keys": {"bot": None}}
    vault = {"encrypted": True, "vault_password": "of the vault", "keys": {"another": None}}
    run = controller.play(
        task("look", "airs_secret_file", given, **door),
        task("read", "airs_secret_file", {**given, "reveal_secret": True}, register="found", **door),
        {"name": "judge", "ansible.builtin.assert": {"that": "found.stored_secrets.bot == 'stored-' ~ 'secret'"}},
        task("encrypted", "airs_secret_file", {**given, **vault}, ignore_errors=True, **door),
        inventory=ELSEWHERE,
    )
    assert run["look"]["secret_files"]["bot"]["last8"] == "d-secret"
    assert "censored" in run["read"]
    assert run.kinds("encrypted") == (["ignored"] if door else ["ok"])
    assert not door or run.failure.startswith(
        "encrypted requires Ansible Vault, which is only available on the controller"
    )
    assert "stored-secret" not in run.text
    assert "of the vault" not in run.text


@pytest.mark.parametrize(
    ("options", "keywords"),
    [
        ({}, {}),
        ({"client_id": "{{ account1.id }}", "client_secret": "{{ account1.secret }}"}, {}),
        ({}, {"environment": {"PANW_CLIENT_SECRET": "{{ account1.secret }}"}}),
        ({}, {"module_defaults": {"group/panw.airs.airs": {"client_secret": "{{ account1.secret }}"}}}),
    ],
    ids=["environment of the controller", "options", "environment of the task", "module_defaults"],
)
def test_another_machine_gets_the_access_token_and_never_the_client_secret(
    controller: Controller, emulator: Emulator, options: JsonObject, keywords: JsonObject
) -> None:
    controller.play(
        custom_topic("topic", {"name": "advice", **TOPIC, **options}, **DELEGATED, **keywords),
        inventory=ELSEWHERE,
        keywords={"vars": ACCOUNTS},
    )
    assert len(emulator.writes()) == 1
    parcels = b"".join(unpacked(parcel.read_bytes()) for parcel in controller.parcels.iterdir())
    assert re.search(rb"eyJ[\w-]{64}", parcels)
    assert ACCOUNT.client_secret.encode() not in parcels


def unpacked(parcel: bytes) -> bytes:
    """What went to another machine, together with the archives that are in it."""
    found = [parcel]
    for text in re.findall(rb"[A-Za-z0-9+/=\n]{200,}", parcel):
        try:
            archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(text)))
        except (binascii.Error, zipfile.BadZipFile):
            continue
        found += [archive.read(name) for name in archive.namelist()]
    return b"\n".join(found)


def test_an_encrypted_client_secret_works(controller: Controller, emulator: Emulator) -> None:
    password_file = controller.folder / "password"
    password_file.write_text("correct horse")
    encrypted = subprocess.run(
        [str(ANSIBLE_PLAYBOOK.parent / "ansible-vault"), "encrypt_string", "--vault-password-file", str(password_file)],
        input=ACCOUNT.client_secret,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    inner = encrypted.replace("\n", "\n          ")
    playbook = f"""
- hosts: localhost
  gather_facts: false
  vars:
    secret: {encrypted}
  tasks:
    - name: option
      panw.airs.airs_custom_topic:
        name: advice
        description: Advice
        client_secret: {inner}
    - name: variable
      panw.airs.airs_custom_topic:
        name: advice
        description: Advice
        client_secret: "{{{{ secret }}}}"
    - name: environment
      panw.airs.airs_custom_topic:
        name: advice
        description: Advice
      environment:
        PANW_CLIENT_SECRET: "{{{{ secret }}}}"
"""
    run = controller.run(playbook, "--vault-password-file", str(password_file), variables=NO_SECRET)
    assert run.exit_code == 0, run.output
    assert [run[name]["changed"] for name in ("option", "variable", "environment")] == [True, False, False]
    assert len(emulator.journal("token")) == 1


NO_SECRET = {"PANW_CLIENT_SECRET": None}
