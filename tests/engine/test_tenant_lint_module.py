# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""airs_tenant_lint: all that files alone can tell, without credentials, and nothing that only the tenant knows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.emulator import Emulator, JsonObject
from support.playbook import Controller
from support.stored_profiles import live_tenant, shaped_tenant
from support.tasks import TOPIC, task
from support.tenant_schema import complaints
from support.whole_tenant import ADVICE, LAB_BOT, SUPPORT_KEY

#: What a machine of a CI system has: nothing that leads to the service.
NOWHERE = {"PANW_CLIENT_ID": "", "PANW_CLIENT_SECRET": "", "PANW_BASE_URL": "", "PANW_TOKEN_BASE_URL": ""}


@pytest.fixture
def folder(controller: Controller) -> Path:
    """A folder for a configuration."""
    path = controller.folder / "tenant"
    path.mkdir(parents=True)
    return path


def lint(controller: Controller, keywords: JsonObject | None = None, **options: Any) -> JsonObject:
    """Run the task, and return its result."""
    task = {"panw.airs.airs_tenant_lint": options, "environment": NOWHERE, **(keywords or {})}
    run = controller.play({"name": "lint", "register": "lint", "ignore_errors": True, **task})
    assert "Traceback" not in run.output
    result: JsonObject = run["lint"]
    lines = result["msg"].splitlines()
    assert run.kinds("lint") == (["ignored"] if result["errors"] else ["ok"])
    assert len(lines) == len(result["errors"]) + 1
    return result


def told(result: JsonObject) -> list[str]:
    """The errors, without the folder."""
    return [f"{Path(str(error['file'])).name}:{error['line']}: {error['path']}" for error in result["errors"]]


def test_what_is_right_is_right_without_credentials(controller: Controller, emulator: Emulator, folder: Path) -> None:
    (folder / "a.json").write_text(json.dumps({"custom_topics": [ADVICE], "api_keys": [SUPPORT_KEY]}))
    # The topic may be on the tenant, and so may what is described there already.
    (folder / "b.json").write_text(json.dumps({"security_profiles": [LAB_BOT], "custom_topics": [{"name": "x"}]}))
    result = lint(controller, config_path=str(folder))
    assert (result["errors"], result["msg"], result["objects"]) == ([], "No errors in 4 objects.", 4)
    assert emulator.journal() == []


def test_all_errors_are_said_at_once(controller: Controller, emulator: Emulator, folder: Path) -> None:
    (folder / "a.yml").write_text("custom_topics:\n- name: a\n  descriptio: x\n- {name: b, description: [}\n")
    (folder / "b.yml").write_text(
        "custom_topics:\n- {name: c, description: d}\n- name: c\n  state: absent\n"
        "api_keys:\n- {name: k, secret_path: /s/k}\n- name: l\n  secret_path: /s/../s/k\n"
        "security_profiles:\n- {name: p, prompt_injection: stop}\n"
    )
    (folder / "c.json").write_text('{"custom_topics": [\n{"name": "d",\n"examples": 5, "nam": 1}]}')
    result = lint(controller, config_path=str(folder))
    assert told(result) == [
        "a.yml:4: ",
        "b.yml:3: custom_topics[1]",
        "b.yml:7: api_keys[1]",
        "b.yml:10: security_profiles[0].prompt_injection",
        "c.json:3: custom_topics[0].nam",
    ]
    assert result["msg"].splitlines()[-1] == "The configuration has 5 errors in 3 files."
    assert emulator.journal() == []


def test_a_name_of_what_the_configuration_deletes_is_an_error(controller: Controller) -> None:
    config = {
        "custom_topics": [{"name": "gone", "state": "absent"}],
        "security_profiles": [
            {"name": "bot", "topics": {"allow": ["theirs"], "block": ["gone"]}},
            {"name": "old", "topics": {"block": ["gone"]}, "state": "absent"},
        ],
    }
    (error,) = lint(controller, config=config)["errors"]
    assert error == {
        "file": None,
        "line": None,
        "path": "security_profiles[0].topics.block[0]",
        "message": "custom topic 'gone' cannot be used because the configuration deletes it",
    }


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({}, []),
        ({"state": "overridden", "purge": ["security_profiles"]}, []),
        ({"state": "overridden", "purge": ["custom_topics"]}, ["block[0]", "block[1]"]),
        ({"state": "overridden", "purge": ["custom_topics"], "protect": ["Weath*"]}, ["block[1]"]),
        # An application that a key of the tenant holds stays.
        ({"state": "overridden", "purge": ["custom_topics", "customer_apps"], "protect": ["*"]}, []),
    ],
)
def test_a_name_that_a_purge_would_leave_nothing_for_is_an_error(
    controller: Controller, options: JsonObject, paths: list[str]
) -> None:
    config = {
        "custom_topics": [{"name": "advice", **TOPIC}],
        "security_profiles": [{"name": "bot", "topics": {"block": ["Weather", "advise", "advice"]}}],
        "customer_apps": [{"name": "app", "model_name": "m"}],
    }
    errors = lint(controller, config=config, **options)["errors"]
    assert [error["path"] for error in errors] == [f"security_profiles[0].topics.{path}" for path in paths]
    if paths:
        assert errors[-1]["message"].endswith("and purge deletes all others; did you mean 'advice'?")


def test_the_report_has_the_same_errors(controller: Controller, folder: Path) -> None:
    (folder / "a.yml").write_text("custom_topics:\n- name: a\n  nam: x\n")
    report = controller.folder / "lint.json"
    lint(controller, {"check_mode": True}, config_path=str(folder), report_path=str(report))
    assert not report.exists()
    result = lint(controller, config_path=str(folder), report_path=str(report))
    assert json.loads(report.read_text()) == {"objects": 0, "errors": result["errors"]}
    (folder / "a.yml").write_text("custom_topics: []")
    lint(controller, config_path=str(folder), report_path=str(report))
    assert json.loads(report.read_text()) == {"objects": 0, "errors": []}


@pytest.mark.parametrize("tenant", [live_tenant, shaped_tenant])
def test_what_was_exported_is_right_for_lint_and_for_editors(
    controller: Controller, emulator: Emulator, folder: Path, tenant: Callable[[], JsonObject]
) -> None:
    emulator.seed(tenant())
    controller.play(task("export", "airs_tenant_export", {"path": str(folder)}))
    assert lint(controller, config_path=str(folder))["errors"] == []
    files = sorted(folder.rglob("*.yml"))
    wrong = {file.name: complaints(yaml.safe_load(file.read_text())) for file in files}
    assert len(wrong) > 10
    assert {name: messages for name, messages in wrong.items() if messages} == {}


def test_a_report_has_a_place_of_its_own(controller: Controller, folder: Path) -> None:
    (folder / "a.yml").write_text("custom_topics: []")
    for place, words in (
        (folder / "r.json", "must not be in the configuration directory"),
        (folder.parent, "must be a file, but is a directory"),
    ):
        task = {"panw.airs.airs_tenant_lint": {"config_path": str(folder), "report_path": str(place)}}
        assert words in controller.play({"name": "lint", **task}, succeeds=False).failure
    assert [path.name for path in folder.iterdir()] == ["a.yml"]


def test_names_of_another_tenant_are_checked_as_they_are_there(controller: Controller) -> None:
    topics = [{"name": "advice", "description": "d"}, {"name": "t" * 97, "description": "d"}]
    profile = {"name": "bot", "topics": {"block": ["advice", "Weather"]}}
    options: JsonObject = {
        "config": {"custom_topics": topics, "security_profiles": [profile]},
        "name_map": {"custom_topics": {"advise": "x"}},
        "name_prefix": "prod-",
    }
    result = lint(controller, **options)
    assert [error["path"] for error in result["errors"]] == ["custom_topics[1]"]
    assert "at most 100 characters, but has 102" in result["errors"][0]["message"]
    warning = "name_map.custom_topics contains 'advise', which is not in the configuration. Did you mean 'advice'?"
    assert result["warnings"] == [warning]
    # What has no prefix stays where everything else with one goes.
    options["config"]["custom_topics"].pop()
    assert lint(controller, **options, state="overridden", purge=["custom_topics"])["errors"] == []
    (error,) = lint(controller, config=options["config"], state="overridden", purge=["custom_topics"])["errors"]
    assert error["path"] == "security_profiles[0].topics.block[1]"
