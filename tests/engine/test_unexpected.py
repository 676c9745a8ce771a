# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nobody foresaw about one object is that object's error: the others go on, and nothing that was made is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.emulator import Emulator, JsonObject
from support.playbook import Controller, Run
from support.tasks import task
from support.tenant import Tenant
from support.whole_tenant import airs_tenant, keys, row, seed, seeded_profile, seeded_topic, topics

from ansible_collections.panw.airs.plugins.module_utils._engine.reconcile import Reconciler
from ansible_collections.panw.airs.plugins.module_utils._kinds.api_key import ApiKeyReconciler
from ansible_collections.panw.airs.plugins.module_utils._kinds.custom_topic import CustomTopicReconciler
from ansible_collections.panw.airs.plugins.module_utils._kinds.security_profile import SecurityProfileReconciler

WHY = "Unexpected KeyError in "
#: What the exception says, which nobody is to see.
TOLD = "quoted \x1b by the exception"


def breaks(
    monkeypatch: pytest.MonkeyPatch, kind: type[Reconciler], method: str, name: str, after: bool = False
) -> None:
    """Let a method of a kind raise for the object of a name, before or after it has done its work."""
    real: Callable[..., Any] = getattr(kind, method)

    def broken(self: Reconciler, *given: Any) -> Any:
        odd = self.options["name"] == name
        if odd and not after:
            raise KeyError(TOLD)
        made = real(self, *given)
        if odd:
            raise KeyError(TOLD)
        return made

    monkeypatch.setattr(kind, method, broken)


def failure(run: Run, name: str = "it") -> JsonObject:
    """The result of a task that failed, without what the exception says."""
    result = run[name]
    assert TOLD not in run.text
    assert "quoted" not in str(result)
    assert WHY in result["msg"]
    return result


@pytest.mark.parametrize("method", ["planned", "apply", "difference"])
def test_one_topic_does_not_cost_the_others(
    controller: Controller, tenant: Tenant, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    breaks(monkeypatch, CustomTopicReconciler, method, "topic 001")
    run = controller.play(airs_tenant("it", config={"custom_topics": topics(3)}), diff=True, succeeds=False)
    result = failure(run)
    assert row(result, "topic 001")["error"].startswith(WHY)
    assert [row(result, f"topic 00{number}")["action"] for number in (0, 2)] == ["create", "create"]
    assert [len(tenant.topics(f"topic 00{number}")) for number in range(3)] == [1, method == "difference", 1]
    assert "1 of 3 objects failed" in result["msg"]
    assert result["exception"]  # since ansible-core 2.19 it is only shown where that is asked for


@pytest.mark.parametrize("stored", [True, False])
def test_one_key_does_not_cost_the_secrets_of_others(
    controller: Controller, tenant: Tenant, secret_dir: Path, monkeypatch: pytest.MonkeyPatch, stored: bool
) -> None:
    breaks(monkeypatch, ApiKeyReconciler, "apply", "key-001")
    where: JsonObject = {"secret_dir": str(secret_dir)} if stored else {"return_secrets": True}
    run = controller.play(
        airs_tenant("it", {"register": "made", "ignore_errors": True}, config={"api_keys": keys(3)}, **where),
        {
            "name": "Last",
            "ansible.builtin.copy": {
                "dest": str(secret_dir / "all"),
                "content": "{{ made.api_key_secrets | default({}) | to_json }}",
            },
            "no_log": True,
        },
    )
    made = (secret_dir / "all").read_text()
    for name in ("key-000", "key-002"):
        (one,) = tenant.keys(name)
        text = (secret_dir / f"{name}.key").read_text() if stored else made
        assert one["api_key_last8"] in text
    assert tenant.keys("key-001") == []
    assert WHY in (run.output if not stored else run["it"]["msg"])


def test_what_an_application_has_got_is_told_for_its_undoing(
    controller: Controller, tenant: Tenant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    breaks(monkeypatch, SecurityProfileReconciler, "apply", "bot")
    options = {
        "name": "bot",
        "environment": "prod",
        "cloud_provider": "aws",
        "deployment_profile": "any",
        "topics": [{"name": "advice", "description": "x", "examples": ["y"]}],
        "security_profile": {"topics": {"block": ["advice"]}},
        "secret_path": str(tmp_path / "secret"),
    }
    run = controller.play(
        task("it", "airs_application", options, register="made", ignore_errors=True),
        task("undo", "airs_application", {"name": "bot", "state": "restored", "undo": "{{ made.undo }}"}),
    )
    failure(run)
    assert [part["name"] for part in run["it"]["undo"]["parts"]] == ["advice", "bot"]
    assert tenant.topics("advice") == []


def test_what_was_removed_is_told(controller: Controller, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    seed(
        emulator,
        custom_topics=[seeded_topic("advice", topic_id="t")],
        ai_profiles=[seeded_profile("bot", ("t", "advice"))],
    )
    breaks(monkeypatch, CustomTopicReconciler, "apply", "advice")
    run = controller.play(task("it", "airs_application", {"name": "bot", "state": "absent"}), succeeds=False)
    result = failure(run)
    assert result["msg"].endswith("Run again to remove the remaining objects: custom topic advice.")
    assert [part["message"] for part in result["parts"] if part["kind"] == "security_profile"] == [
        "removed, with 1 revision"
    ]


def test_one_object_does_not_cost_the_export_of_others(
    controller: Controller, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = controller.folder / "exported"
    export = task("it", "airs_tenant_export", {"path": str(path)})
    seed(emulator, custom_topics=[seeded_topic(name) for name in ("one", "two", "three")])
    controller.play(export)
    real = CustomTopicReconciler.exported

    def broken(session: Any, rows: Any) -> Any:
        if any(found["topic_name"] == "two" for found in rows):
            raise KeyError(TOLD)
        return real(session, rows)

    monkeypatch.setattr(CustomTopicReconciler, "exported", broken)
    seed(emulator, custom_topics=[seeded_topic("four")])
    result = failure(controller.play(export, succeeds=False))
    assert result["written"] == ["custom_topics/four.yml"]
    assert result["removed"] == []
    assert (path / "custom_topics" / "two.yml").exists()
    info = failure(controller.play(task("it", "airs_tenant_info", {}), succeeds=False))
    assert {"one", "three", "four"} <= {topic["name"] for topic in info["config"]["custom_topics"]}


def test_one_object_does_not_cost_the_report_of_others(controller: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks(monkeypatch, CustomTopicReconciler, "planned", "topic 001")
    run = controller.play(task("it", "airs_tenant_drift_info", {"config": {"custom_topics": topics(3)}}))
    found = {each["name"]: (each["status"], each["error"]) for each in run["it"]["report"]["drift"]}
    assert found["topic 000"] == ("missing", None)
    assert found["topic 001"][0] == "conflict"


def test_an_info_module_says_what_nobody_foresaw(controller: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> Any:
        raise KeyError(TOLD)

    monkeypatch.setattr("ansible_collections.panw.airs.plugins.module_utils._engine.session.Session.snapshot", broken)
    failure(controller.play(task("it", "airs_custom_topic_info", {}), succeeds=False))
