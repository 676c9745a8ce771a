# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole tenant in one task: everything is made, found right the second time, changed and removed in a good order."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path
from typing import Any

import yaml
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import ELSEWHERE, Controller, Run
from support.tasks import TOPIC, scan, scan_with
from support.whole_tenant import (
    ADVICE,
    EVERYTHING,
    LAB_BOT,
    LAB_KEY,
    PRICES,
    SUPPORT_KEY,
    actions,
    airs_tenant,
    begin,
    topics,
    written,
)

#: A line of progress: kind, done, all.
PROGRESS = re.compile(r"(custom_topics|security_profiles|api_keys|customer_apps) (\d+)/(\d+)")


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_secrets_without_a_folder_are_returned_censored_and_register_has_them(
    controller: Controller, emulator: Emulator
) -> None:
    config = {"api_keys": [SUPPORT_KEY, LAB_KEY], "security_profiles": [LAB_BOT, {"name": "support-bot"}]}
    run = controller.play(
        airs_tenant("make", {"register": "made"}, config=config, return_secrets=True),
        airs_tenant("again", config=config),
        scan("use it", scan_with("{{ made.api_key_secrets['support-key'] }}")),
        scan("use the other", scan_with("{{ made.api_key_secrets['lab-key'] }}")),
    )
    assert "censored" in run["make"]
    assert run["make"].keys() <= {"censored", "changed", "_ansible_no_log", "warnings"}
    assert "censored" not in run["again"]
    assert run["again"]["changed"] is False
    assert [entry["status"] for entry in emulator.journal("scan")] == [200, 200]


def test_an_auth_code_in_the_config_is_never_shown(
    controller: Controller, emulator: Emulator, secret_dir: Path
) -> None:
    # That no run shows it is asserted by the controller of these tests.
    entry = {key: value for key, value in SUPPORT_KEY.items() if key != "deployment_profile"}
    by_variable = {"api_keys": [{**entry, "auth_code": "{{ 'D000000' ~ 1 }}"}]}
    result = controller.play(airs_tenant("tenant", config=by_variable, secret_dir=str(secret_dir)), diff=True)["tenant"]
    assert actions(result) == [("support-key", "create")]
    file = controller.folder / "config.yml"
    wrong = {**entry, "name": "other", "auth_code": "D0000002", "environment": ["D0000002"], "colour": "D0000002"}
    file.write_text(yaml.safe_dump({"api_keys": [{**entry, "auth_code": "D0000001"}, wrong]}))
    emulator.clear_journal()
    run = controller.play(airs_tenant("tenant", config_path=str(file), secret_dir=str(secret_dir)), succeeds=False)
    assert "api_keys[1]" in run.failure
    assert emulator.writes() == []


# --- both doors ------------------------------------------------------------------------------------------------------


def comparable(result: JsonObject) -> JsonObject:
    """A result without what differs from run to run, and without what Ansible itself adds on one way."""
    added = ("invocation", "exception", "_ansible_delegated_vars")
    text = json.dumps({key: value for key, value in result.items() if key not in added}, sort_keys=True)
    found: JsonObject = json.loads(re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "<id>", text))
    return found


def test_the_module_gives_the_same_results(controller: Controller, emulator: Emulator, secret_dir: Path) -> None:
    file = controller.folder / "config.yml"
    file.write_text(yaml.safe_dump(EVERYTHING))
    changed = {**EVERYTHING, "custom_topics": [{**ADVICE, "examples": []}, PRICES]}
    purge = {
        "state": "overridden",
        "purge": ["custom_topics", "api_keys"],
        "protect": ["Weather", "Sports"],
        "config": {"custom_topics": [], "api_keys": []},
    }
    wrong = {"custom_topics": [{"name": "n" * 101, **TOPIC}], "security_profiles": [{"name": "bot", "colour": "red"}]}
    common = {"secret_dir": str(secret_dir), "tsg_id": ACCOUNT.tsg_id}
    renewed = {"api_keys": [{**SUPPORT_KEY, "regenerate": "always"}]}
    steps: list[tuple[str, JsonObject, JsonObject]] = [
        ("predicted", {"config_path": str(file)}, {"check_mode": True}),
        ("made", {"config_path": str(file)}, {}),
        ("again", {"config": EVERYTHING}, {}),
        ("changed", {"config": changed}, {}),
        ("renewed", {"config": renewed}, {}),
        ("wrong", {"config": wrong}, {"ignore_errors": True}),
        ("topics in use", purge, {"ignore_errors": True}),
        ("wrong option", {"config": {}, "colour": "red"}, {"ignore_errors": True}),
    ]

    def results(**door: Any) -> dict[str, JsonObject]:
        emulator.reset()
        for path in secret_dir.glob("*.key"):
            path.unlink()
        run: Run = controller.play(
            *[
                airs_tenant(name, {**keywords, "diff": True, **door}, **common, **options)
                for name, options, keywords in steps
            ],
            inventory=ELSEWHERE,
            variables={"ANSIBLE_PIPELINING": "true"},
        )
        return {name: comparable(run[name]) for name, _options, _keywords in steps}

    here = results()
    assert [here[name]["changed"] for name in ("predicted", "made", "again", "changed")] == [True, True, False, True]
    requests = sorted(written(emulator))
    assert results(delegate_to="other") == here
    assert sorted(written(emulator)) == requests
    assert len(emulator.journal("token")) == 1


def test_the_module_does_not_return_secrets_in_the_clear(controller: Controller, emulator: Emulator) -> None:
    options = {"config": {"api_keys": [SUPPORT_KEY]}, "return_secrets": True}
    run = controller.play(
        airs_tenant("delegated", {"delegate_to": "other", "register": "made"}, **options),
        {"name": "had", "ansible.builtin.assert": {"that": ["made.api_key_secrets['support-key'] | length > 20"]}},
        inventory=ELSEWHERE,
    )
    assert "censored" in run["delegated"]
    assert written(emulator) == ["POST apikey"]


def test_an_async_job_that_would_return_secrets_is_refused(controller: Controller, emulator: Emulator) -> None:
    background = {"async": 60, "poll": 1, "ignore_errors": True}
    run = controller.play(airs_tenant("async", background, config={"api_keys": [SUPPORT_KEY]}, return_secrets=True))
    assert "would return a secret" in run["async"]["msg"]
    assert "secret_dir" in run["async"]["msg"]
    assert emulator.writes() == []


# --- progress --------------------------------------------------------------------------------------------------------


def test_a_long_run_tells_its_progress_on_standard_error_where_it_is_wanted(
    controller: Controller, emulator: Emulator
) -> None:
    emulator.settings(latency_seconds=0.2)
    variables: dict[str, dict[str, str]] = {
        "shown": {},
        "no log": {},
        "only failures": {"ANSIBLE_DISPLAY_OK_HOSTS": "false"},
        "for programs": {"ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.minimal"},
    }
    with contextlib.ExitStack() as stack:
        runs = {}
        for name, changes in variables.items():
            long = airs_tenant("tenant", {"no_log": name == "no log"}, config={"custom_topics": topics(32, name)})
            long["panw.airs.airs_tenant"]["concurrency"] = 1
            runs[name] = stack.enter_context(begin(controller, controller.folder / name, long, **changes))
        outputs = {name: run.wait() for name, run in runs.items()}
    assert len(emulator.writes()) == 4 * 32
    errors = outputs["shown"][1]
    lines = [match.groups() for match in map(PROGRESS.search, errors.splitlines()) if match]
    assert lines, errors
    assert {(kind, total) for kind, _done, total in lines} == {("custom_topics", "32")}
    done = [int(number) for _kind, number, _total in lines]
    assert done == sorted(done)
    assert len(done) == len(set(done)) <= 8, "a line now and then, not one for each object"
    everywhere_else = [*(text for name in variables if name != "shown" for text in outputs[name]), outputs["shown"][0]]
    assert [text for text in everywhere_else if PROGRESS.search(text)] == []
    assert json.loads(outputs["for programs"][0].partition("=>")[2])["changed"] is True


def test_a_short_run_tells_no_progress(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(airs_tenant("tenant", config={"custom_topics": topics(60)}))
    assert run["tenant"]["changed"] is True
    assert not PROGRESS.search(run.output)
