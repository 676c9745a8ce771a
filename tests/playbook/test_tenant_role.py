# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role tenant, by the playbooks panw.airs.tenant, panw.airs.export and panw.airs.drift."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import hostile
from support.catalogue import MODULES
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.page import Page
from support.playbook import Controller, Run, secrets_in
from support.tasks import api_key, custom_topic, security_profile
from support.tenant import Tenant

COLLECTION = Path(os.environ["AIRS_COLLECTIONS_PATH"], "ansible_collections", "panw", "airs")
ROLE = COLLECTION / "roles" / "tenant"
EXAMPLE = COLLECTION / "examples" / "tenant"

ADVICE: JsonObject = {"name": "advice", "description": "Advice on investments", "examples": ["Which stock is best?"]}
BOT: JsonObject = {"name": "bot", "prompt_injection": "block", "topics": {"block": ["advice"]}}
KEY: JsonObject = {
    "name": "bot",
    "deployment_profile": "dp-production",
    "customer_app": "bot",
    "environment": "prod",
    "cloud_provider": "aws",
    "rotation_time_interval": 90,
    "rotation_time_unit": "days",
}
CONFIG: JsonObject = {"custom_topics": [ADVICE], "security_profiles": [BOT], "api_keys": [KEY]}
#: Names that a page or a template would take for something else.
EVIL = (
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    '"><img src=x onerror=alert(2)>',
    "{% for x in y %}",
    hostile.SHOWN[1],
)


@dataclass
class Files:
    """The command line of a user who keeps a tenant in a directory of files."""

    controller: Controller
    emulator: Emulator
    options: JsonObject = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.secrets.mkdir(parents=True)
        self.options = {"config": CONFIG, "secret_dir": str(self.secrets), "report_directory": str(self.report)}

    @property
    def secrets(self) -> Path:
        """Where the secrets of API keys go."""
        return self.controller.folder / "secrets"

    @property
    def report(self) -> Path:
        """Where the drift report goes."""
        return self.controller.folder / "report"

    def run(self, playbook: str, *, exit_code: int = 0, check: bool = False, diff: bool = False, **changes: Any) -> Run:
        """Run one of the playbooks, with changed options if need be; None leaves one out."""
        options = {**self.options, **changes}
        sink = options.pop("airs_secret_sink", None)
        variables = {f"tenant_{name}": value for name, value in options.items() if value is not None}
        variables |= {"airs_secret_sink": sink} if sink else {}
        file = self.controller.folder / "variables.json"
        file.write_text(json.dumps(variables), encoding="utf-8")
        plays = [{"import_playbook": f"panw.airs.{playbook}"}]
        run = self.controller.run(plays, "-e", f"@{file}", check=check, diff=diff)
        assert run.exit_code == exit_code, run.output
        return run

    def drift(self, *, drifted: bool = True, **changes: Any) -> JsonObject:
        """Report drift, and return the report as data."""
        self.run("drift", exit_code=2 if drifted else 0, **changes)
        report: JsonObject = json.loads((self.report / "drift.json").read_text(encoding="utf-8"))
        assert report["drifted"] is drifted
        return report

    @property
    def page(self) -> Page:
        """The page of the drift report."""
        return Page(self.report / "drift.html")


@pytest.fixture
def files(controller: Controller, emulator: Emulator) -> Files:
    return Files(controller, emulator)


def shown(run: Run, task_name: str) -> list[str]:
    """What a task showed."""
    lines: list[str] = run[task_name]["msg"]
    return lines


# --- apply -----------------------------------------------------------------------------------------------------------


def test_the_example_is_applied_as_it_stands_and_once_only(files: Files, tenant: Tenant) -> None:
    example: dict[str, Any] = {"config": None, "config_path": str(EXAMPLE)}
    run = files.run("tenant", **example)
    lines = shown(run, "Show the summary")
    assert lines[:2] == ["Tenant", "Below the baseline:"]
    assert lines[lines.index("Custom topics: 6 created") :][:4] == [
        "Custom topics: 6 created",
        "Security profiles: 3 created",
        "API keys: 3 created",
        "Applications: 1 updated, 1 unchanged",
    ]
    secrets = sorted(files.secrets.glob("[!.]*"))
    assert [path.name for path in secrets] == ["code-assistant-dev.key", "hr-assistant.key", "support-bot.key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}
    assert all(tenant.accepts(path.read_text(encoding="utf-8")) for path in secrets)
    assert sorted(tenant.apps()) == ["code-assistant", "hr-assistant", "support-bot"]

    files.emulator.clear_journal()
    again = files.run("tenant", **example)
    assert "changed=0 " in again.output
    assert files.emulator.writes() == []
    assert "Custom topics: 6 unchanged" in shown(again, "Show the summary")
    assert files.drift(drifted=False, **example)["summary"]["drifted"] == 0
    assert files.emulator.writes() == []
    assert "The tenant matches the configuration." in files.page.text
    reports = {path.name: path.read_text(encoding="utf-8") for path in files.report.iterdir()}
    assert sorted(reports) == ["drift.html", "drift.json", "drift.sarif", "drift.txt"]
    assert [secret for text in reports.values() for secret in secrets_in(text)] == []


def test_check_mode_shows_the_plan_and_sends_no_write(files: Files) -> None:
    run = files.run("tenant", check=True, diff=True)
    assert shown(run, "Show the summary") == [
        "Tenant (plan)",
        "Custom topics: 1 to be created",
        "Security profiles: 1 to be created",
        "API keys: 1 to be created",
        f"the secret will be in {files.secrets}/bot.key",
    ]
    assert files.emulator.writes() == []


@pytest.mark.parametrize("place", ["folder", "sink"])
def test_a_plan_is_approved_and_applied_once_whatever_the_place_of_secrets(
    files: Files, tenant: Tenant, place: str
) -> None:
    if place == "sink":
        files.options = {"config": CONFIG, "airs_secret_sink": sink_of(files, "file")[0]}
    plan = files.controller.folder / "plan.json"
    files.options["plan_path"] = str(plan)
    assert "does not exist. Create it first" in files.run("tenant", exit_code=2).failure
    files.run("tenant", check=True)
    assert (files.emulator.writes(), list(files.secrets.iterdir())) == ([], [])
    approved = plan.read_text(encoding="utf-8")
    assert "custom topic 'advice'" in plan.with_suffix(".txt").read_text(encoding="utf-8")
    assert "- custom topic `advice`" in plan.with_suffix(".md").read_text(encoding="utf-8")

    files.run("tenant")
    assert plan.read_text(encoding="utf-8") == approved
    assert tenant.accepts((files.secrets / "bot.key").read_text(encoding="utf-8"))
    files.emulator.clear_journal()
    stale = files.run("tenant", exit_code=2)
    assert "is stale: no changes remain because the plan was already applied" in stale.failure
    assert "Nothing was changed." in stale.failure
    assert files.emulator.writes() == []


def sink_of(files: Files, kind: str) -> tuple[JsonObject, Path]:
    """A sink for the secrets of all keys, and the place of that of the key bot."""
    if kind == "file":
        return {"type": "file", "path": f"{files.secrets}/{{name}}.key"}, files.secrets / "bot.key"
    tasks = files.controller.folder / "store.yml"
    store = f"{files.secrets}/{{{{ secret_sink_name }}}}.kept"
    tasks.write_text(
        yaml.safe_dump(
            [
                {
                    "name": "Read",
                    "ansible.builtin.set_fact": {
                        "secret_sink_last8": "{{ lookup('file', kept)[-8:] if kept is exists else '' }}"
                    },
                    "vars": {"kept": store},
                    "when": "secret_sink_step == 'read'",
                },
                {
                    "name": "Store",
                    "ansible.builtin.copy": {"src": "{{ secret_sink_file }}", "dest": store, "mode": "0600"},
                    "when": "secret_sink_step == 'store'",
                },
            ]
        ),
        encoding="utf-8",
    )
    journals = str(files.controller.folder / "journals")
    return {"type": "tasks", "file": str(tasks), "journal_directory": journals}, files.secrets / "bot.kept"


@pytest.mark.parametrize("kind", ["file", "tasks"])
def test_a_sink_gets_the_secrets_of_new_keys(files: Files, tenant: Tenant, kind: str) -> None:
    sink, place = sink_of(files, kind)
    own = {**KEY, "name": "own", "customer_app": "own", "secret_path": str(files.secrets / "own")}
    files.options = {"config": {**CONFIG, "api_keys": [KEY, own]}, "airs_secret_sink": sink}
    plan = files.run("tenant", check=True)
    assert any(line.startswith("a secret will be in ") for line in shown(plan, "Show the summary"))
    assert (files.emulator.writes(), list(files.secrets.iterdir())) == ([], [])

    done = files.run("tenant")
    assert any(line.startswith("secret in ") for line in shown(done, "Show the summary"))
    assert not any("no place" in line for line in shown(done, "Show the summary"))
    assert tenant.accepts(place.read_text(encoding="utf-8"))
    assert tenant.accepts((files.secrets / "own").read_text(encoding="utf-8"))
    files.emulator.clear_journal()
    assert "changed=0 " in files.run("tenant").output
    assert files.emulator.writes() == []
    assert [path.name for path in files.controller.folder.rglob("*.airs-journal")] == []


def test_a_secret_that_the_sink_did_not_take_is_stored_by_the_next_run(files: Files, tenant: Tenant) -> None:
    sink, place = sink_of(files, "tasks")
    files.options = {"config": CONFIG, "airs_secret_sink": sink}
    files.secrets.rmdir()
    refused = files.run("tenant", exit_code=2)
    assert "does not exist" in refused["Assert that all secrets are in the sink"]["msg"]
    assert len(tenant.keys("bot")) == 1
    files.secrets.mkdir()
    files.emulator.clear_journal()
    files.run("tenant")
    assert files.emulator.writes() == []
    assert tenant.accepts(place.read_text(encoding="utf-8"))


def test_no_key_is_made_when_the_sink_cannot_be_written(files: Files, tenant: Tenant) -> None:
    sink = {"type": "file", "path": f"{files.secrets}/nowhere/{{name}}.key"}
    files.options = {"config": CONFIG, "secret_dir": "", "airs_secret_sink": sink}
    run = files.run("tenant", exit_code=2)
    assert f"the directory {files.secrets}/nowhere does not exist" in run.output
    assert (files.emulator.writes(), tenant.keys("bot")) == ([], [])
    both = files.run("tenant", exit_code=2, secret_dir=str(files.secrets))
    assert "tenant_secret_dir and airs_secret_sink are mutually exclusive" in both.output


def test_a_secret_without_a_place_is_named_and_in_the_result(files: Files, tenant: Tenant) -> None:
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "roles": [{"role": "panw.airs.tenant", "tenant_config": CONFIG, "tenant_return_secrets": True}],
        "tasks": [
            {
                "name": "Keep it",
                "ansible.builtin.copy": {
                    "content": "{{ tenant_result.api_key_secrets.bot }}",
                    "dest": str(files.secrets / "kept"),
                    "mode": "0600",
                },
                "no_log": True,
            }
        ],
    }
    run = files.controller.run([play])
    assert run.exit_code == 0, run.output
    assert shown(run, "Show the summary")[-1].startswith("no destination for the secret of bot")
    assert tenant.accepts((files.secrets / "kept").read_text(encoding="utf-8"))


def test_a_failure_is_named_and_the_rest_is_done_and_summed_up(files: Files, tenant: Tenant) -> None:
    files.emulator.add_fault(
        {"kind": "status", "status": 403, "body": {"status_code": 403, "error_message": "not allowed"}},
        method="POST",
        path="*/mgmt/apikey",
        times=None,
    )
    run = files.run("tenant", exit_code=2)
    assert "not allowed" in run.failure
    assert shown(run, "Show the summary") == [
        "Tenant",
        "Custom topics: 1 created",
        "Security profiles: 1 created",
        "API keys: 1 failed",
    ]
    assert len(tenant.profiles("bot")) == 1


def test_a_configuration_with_errors_changes_nothing(files: Files) -> None:
    run = files.run("tenant", exit_code=2, config={"security_profiles": [{"name": "bot", "prompt_injection": "stop"}]})
    assert "security_profiles[0]" in run.failure
    assert files.emulator.writes() == []


# --- export ----------------------------------------------------------------------------------------------------------


def test_what_was_exported_changes_nothing_when_it_is_applied(files: Files, tenant: Tenant) -> None:
    files.run("tenant")
    exported = files.controller.folder / "exported"
    run = files.run("export", export_path=str(exported))
    # The tenant has two predefined topics.
    assert shown(run, "Show the summary")[0] == f"{exported}: 6 written, 0 removed, 0 unchanged"
    assert "written: security_profiles/bot.yml" in shown(run, "Show the summary")
    assert [path for path in exported.rglob("*.yml") if secrets_in(path.read_text(encoding="utf-8"))] == []

    files.emulator.clear_journal()
    again = files.run("tenant", config=None, config_path=str(exported))
    assert ("changed=0 " in again.output, files.emulator.writes()) == (True, [])

    tenant.call("DELETE", "apikey/delete/bot", params={"updated_by": "somebody"})
    third = files.run("export", export_path=str(exported), export_kinds=["api_keys"])
    assert shown(third, "Show the summary") == [
        f"{exported}: 0 written, 1 removed, 0 unchanged",
        "removed: api_keys/bot.yml",
    ]


# --- drift -----------------------------------------------------------------------------------------------------------


def test_what_somebody_changed_by_hand_is_reported_and_fails_the_run(files: Files) -> None:
    files.run("tenant")
    files.controller.play(
        custom_topic("change", {"name": "advice", "description": "Changed by hand"}),
        security_profile("change", {"name": "bot", "prompt_injection": "alert", "urls": {"default": "block"}}),
    )
    files.emulator.clear_journal()
    wanted = {**CONFIG, "security_profiles": [BOT, {"name": "new", "malicious_code": "block"}]}
    # The report is written in check mode, too, and its own diff is not shown.
    run = files.run("drift", exit_code=2, check=True, diff=True, config=wanted)
    report = json.loads((files.report / "drift.json").read_text(encoding="utf-8"))

    assert files.emulator.writes() == []
    assert "<!DOCTYPE html>" not in run.output
    assert report == run["Compare the tenant with the configuration"]["report"]
    assert [(entry["name"], entry["status"]) for entry in report["drift"]] == [
        ("bot", "differs"),
        ("new", "missing"),
        ("advice", "differs"),
    ]
    assert run.failure.startswith("The tenant differs from the configuration: 3 of 4 objects drifted")
    assert str(files.report / "drift.html") in run.failure

    text = (files.report / "drift.txt").read_text(encoding="utf-8")
    assert shown(run, "Show the report")[1] == report["verdict"]
    assert "    prompt_injection: alert -> block" in text.splitlines()
    assert "  security profile bot: differs: prompt_injection: alert instead of block" in shown(run, "Show the report")
    scanned = json.loads((files.report / "drift.sarif").read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in scanned["runs"][0]["results"]] == ["weaker", "missing", "differs"]
    page = files.page
    assert report["verdict"] in page.text
    assert page.row("custom topic", "differs", "advice")[-3:] == [
        "description",
        "Changed by hand",
        "Advice on investments",
    ]
    assert ["prompt_injection", "alert", "block"] in [row[-3:] for row in page.rows]


def test_errors_of_the_configuration_are_reported_and_need_not_fail_the_run(files: Files) -> None:
    wrong = {"security_profiles": [{"name": "bot", "prompt_injection": "stop"}]}
    run = files.run("drift", drift_fails=False, config=wrong)
    assert shown(run, "Show the report")[1] == "The configuration has 1 error, so nothing was compared."
    page = files.page
    assert "The configuration has 1 error, so nothing was compared." in page.text
    assert page.row("security_profiles[0].prompt_injection")[1].startswith("must be one of")


def test_a_service_that_cannot_be_reached_leaves_no_report(files: Files) -> None:
    files.controller.variables["PANW_CLIENT_SECRET"] = "wrong"
    run = files.run("drift", exit_code=2)
    assert ACCOUNT.client_id in run.failure
    assert not files.report.exists()


def test_the_folder_of_a_report_takes_variables_but_shows_no_secret(files: Files) -> None:
    run = files.run("drift", exit_code=2, report_directory=f"{files.controller.folder}/${{PANW_CLIENT_SECRET}}")
    assert run.failure.startswith("tenant_report_directory refers to the environment variable PANW_CLIENT_SECRET")
    assert files.emulator.journal() == []
    files.run("drift", exit_code=2, report_directory="$HOME/reports")
    assert list(files.controller.folder.rglob("drift.json")) == [
        files.controller.home.parent / "reports" / "drift.json"
    ]


def test_names_from_the_tenant_are_only_ever_text(files: Files) -> None:
    quoted = ["{% raw %}" + name + "{% endraw %}" for name in EVIL]
    files.controller.play(
        *(custom_topic("topic", {**ADVICE, "name": name}) for name in quoted),
        security_profile("profile", {"name": quoted[0], "topics": {"block": quoted}}),
        api_key("key", {**KEY, "name": quoted[1], "customer_app": quoted[0], "secret_path": str(files.secrets / "x")}),
    )
    # The tenant holds them, so that they are before and after in what drifted, too.
    wanted = {"name": EVIL[0], "topics": {"block": [EVIL[1]]}}
    config_file = files.controller.folder / "config.json"
    config_file.write_text(json.dumps({"security_profiles": [wanted]}), encoding="utf-8")
    report = files.drift(config=None, config_path=str(config_file))
    assert [entry["name"] for entry in report["drift"]] == [EVIL[0]]
    assert {*EVIL} <= {entry["name"] for entry in report["custom_topics"]}
    assert report["applications"][0]["profile"] == EVIL[0]

    page = files.page
    elements = [name for name, _attributes in page.elements]
    assert (elements.count("script"), elements.count("img")) == (1, 0)
    assert page.policy["script-src"] == page.digest("script")
    assert page.policy["style-src"] == page.digest("style")
    assert [name for _element, attributes in page.elements for name in attributes if name.startswith("on")] == []
    for name in EVIL[:4]:
        assert name in page.text
    text = (files.report / "drift.txt").read_text(encoding="utf-8")
    assert EVIL[1] in text
    assert "\x1b" not in text


def test_a_baseline_alone_is_enough_for_a_report_and_files_below_it_are_refused(files: Files) -> None:
    weak = {"security_profiles": [{"name": name, "prompt_injection": "alert"} for name in EVIL]}
    exceptions = [{"name": EVIL[0], "reason": EVIL[1]}]
    baseline = {"security_profile": {"prompt_injection": "block"}, "exceptions": exceptions}
    paths = {name: files.controller.folder / f"{name}.json" for name in ("config", "baseline")}
    paths["config"].write_text(json.dumps(weak), encoding="utf-8")
    paths["baseline"].write_text(json.dumps({"baseline": baseline}), encoding="utf-8")
    given: list[dict[str, Any]] = [{"config": None, f"{name}_path": str(path)} for name, path in paths.items()]
    applying, checking = given
    files.run("tenant", **applying)
    found = files.drift(**checking)["baseline"]
    assert (found["checked"], [profile["name"] for profile in found["below"]]) == (5, sorted(EVIL[1:]))
    assert [(each["name"], each["reason"], each["needed"]) for each in found["exceptions"]] == [(*EVIL[:2], True)]
    files.emulator.clear_journal()
    run = files.run("tenant", exit_code=2, **applying, baseline_path=str(paths["baseline"]))
    assert "security_profiles[1].prompt_injection: the baseline requires block, but it is alert" in run.failure
    assert files.emulator.writes() == []


# --- options ---------------------------------------------------------------------------------------------------------


def test_a_misspelt_option_is_refused_before_anything_is_asked(files: Files) -> None:
    run = files.run("tenant", exit_code=2, state="override")
    assert "tenant_state" in run.output
    assert files.emulator.journal() == []


@pytest.mark.parametrize("playbook", ["tenant", "drift"])
def test_a_variable_without_a_value_is_one_that_was_left_out(files: Files, playbook: str) -> None:
    names = (
        "config_path",
        "protect",
        "name_map",
        "name_prefix",
        "baseline",
        "baseline_path",
        "application_profiles",
        "keys_soon",
    )
    empty = json.dumps({**{f"tenant_{name}": None for name in names}, "airs_secret_sink": None})
    given = json.dumps({f"tenant_{name}": value for name, value in {**files.options, "drift_fails": False}.items()})
    plays = [{"import_playbook": f"panw.airs.{playbook}"}]
    run = files.controller.run(plays, "-e", given, "-e", empty)
    assert run.exit_code == 0, run.output
    files.emulator.clear_journal()
    nothing = files.controller.run(plays, "-e", json.dumps({"tenant_config": None}))
    assert "The role panw.airs.tenant requires tenant_config_path or tenant_config" in nothing.failure
    assert files.emulator.journal() == []


@pytest.mark.parametrize(("entry_point", "module"), [("main", "airs_tenant"), ("drift", "airs_tenant_drift_info")])
def test_the_role_takes_what_the_module_takes(entry_point: str, module: str) -> None:
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    taken = {name.removeprefix("tenant_"): spec for name, spec in specs[entry_point]["options"].items()}
    connection = set(MODULES["airs_deployment_profile_info"].options) - {"name"}
    # Journals of a sink are nobody's but the role's, and only its rehearsal verifies a plan.
    apart = {*connection, "secret_paths", "verify_plan"}
    wanted = {name: spec for name, spec in MODULES[module].options.items() if name not in apart}
    assert {name: _shape(taken[name]) for name in wanted} == {name: _shape(spec) for name, spec in wanted.items()}
    assert {
        taken[name].get("default") == wanted[name].get("default") for name in ("state", "force", "concurrency")
    } == {True}


def _shape(spec: Mapping[str, Any]) -> JsonObject:
    """What an option takes, without words about it."""
    inner = {name: _shape(part) for name, part in (spec.get("options") or {}).items()}
    return {"type": spec["type"], "elements": spec.get("elements"), "choices": spec.get("choices"), "options": inner}


def test_the_playbooks_and_the_role_say_the_same_defaults() -> None:
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    options = {name: spec for entry in specs.values() for name, spec in entry["options"].items()}
    said = {name: spec["default"] for name, spec in options.items() if "default" in spec}
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
    required = {name for name, spec in options.items() if spec.get("required")}
    assert said == {name: value for name, value in defaults.items() if name not in required}
    readme = (ROLE / "README.md").read_text(encoding="utf-8")
    assert [name for name in options if f"| `{name}` |" not in readme] == []


# --- lint ------------------------------------------------------------------------------------------------------------


def test_errors_of_files_are_lines_that_editors_and_ci_systems_know(files: Files) -> None:
    folder = files.controller.folder / "tenant"
    folder.mkdir()
    (folder / "a.yml").write_text("custom_topics:\n- name: a\n  nam: b\n- name: a\n")
    files.options = {"config_path": str(folder)}
    report = files.controller.folder / "lint.json"
    run = files.run("lint", exit_code=2, lint_report=str(report))
    lines = [
        f"{folder}/a.yml:3: custom_topics[0].nam: is not a supported option; did you mean 'name'?",
    ]
    assert [line for line in run.output.splitlines() if line.startswith(str(folder))] == lines
    assert run.failure == "The configuration has 1 error."
    assert [error["line"] for error in json.loads(report.read_text())["errors"]] == [3]
    assert files.emulator.journal() == []
    (folder / "a.yml").write_text("custom_topics: []")
    assert files.run("lint")["Assert that the configuration has no errors"]["msg"] == "No errors in 0 objects."
