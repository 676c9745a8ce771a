# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""extensions/audit/event_query.yml, run on results of the modules as Ansible Automation Platform does.

What the platform asks of the expressions is in its source (awx/main/tasks/host_indirect.py): it drops a node without
canonical facts or with a null in them, and the whole job if an expression fails or two nodes have the same name.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jq
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.documents import ROOT
from support.emulator import Emulator, JsonObject
from support.playbook import Controller, Run
from support.tasks import api_key, task

QUERIES = {
    action: jq.compile(entry["query"])
    for action, entry in yaml.safe_load((ROOT / "extensions/audit/event_query.yml").read_text(encoding="utf-8")).items()
}
TENANT = "1000000001"
KEY: JsonObject = {
    "deployment_profile": "dp-production",
    "customer_app": "bot",
    "environment": "prod",
    "cloud_provider": "aws",
    "rotation_time_interval": 90,
    "rotation_time_unit": "days",
}


def nodes(run: Run) -> list[str]:
    """Return the names of the nodes that the platform counts for a job, and hold what it asks of the expressions."""
    found: dict[str, str] = {}
    for event in run.events:
        for node in QUERIES[event.action].input_value(event.result).all() if event.action in QUERIES else []:
            assert node["facts"] == {
                "infra_type": "PublicCloud",
                "infra_bucket": "Security",
                "device_type": "AI application",
            }
            assert all(isinstance(fact, str) for fact in node["canonical_facts"].values())
            found[json.dumps(node["canonical_facts"], sort_keys=True)] = node["name"]
    assert len(set(found.values())) == len(found)
    return sorted(found.values())


def test_the_modules_that_manage_applications_are_those_with_queries() -> None:
    modules = {path.stem for path in (ROOT / "plugins/modules").glob("airs_*.py")}
    assert {action.removeprefix("panw.airs.") for action in QUERIES} <= modules
    assert not any(action.endswith("_info") for action in QUERIES)


def test_one_application_is_one_node_whatever_manages_it(
    controller: Controller, emulator: Emulator, tmp_path: Path
) -> None:
    bot = {"name": "bot", "security_profile": {"prompt_injection": "block"}, "secret_path": str(tmp_path / "bot")}
    bot |= {name: KEY[name] for name in ("environment", "cloud_provider", "deployment_profile")}
    other = {**KEY, "name": "other", "customer_app": "other", "secret_path": str(tmp_path / "other")}
    config = {
        "api_keys": [{**KEY, "name": "bot"}, {**KEY, "name": "third", "customer_app": "third"}],
        "customer_apps": [{"name": "other", "environment": "prod"}],
    }
    path = str(tmp_path / "{name}")
    run = controller.play(
        task("application", "airs_application", bot),
        api_key("key", other),
        api_key("hidden", {**KEY, "name": "hidden", "customer_app": "hidden"}),
        task("loop", "airs_customer_app", {"name": "{{ item }}", "environment": "prod"}, loop=["bot", "other"]),
        task("rotation", "airs_api_key_rotation", {"names": ["bot"], "regenerate": "always", "path": path}),
        task("tenant", "airs_tenant", {"config": config, "secret_dir": str(tmp_path)}),
    )
    assert [app["name"] for app in run["tenant"]["applications"]] == ["bot", "third", "other"]
    assert nodes(run) == [f"{TENANT}/bot", f"{TENANT}/other", f"{TENANT}/third"]


def test_what_is_read_removed_or_only_planned_is_no_node(
    controller: Controller, emulator: Emulator, tmp_path: Path
) -> None:
    key = {**KEY, "name": "bot", "secret_path": str(tmp_path / "bot")}
    bot = {"name": "new", "secret_path": str(tmp_path / "new")}
    bot |= {name: KEY[name] for name in ("environment", "cloud_provider", "deployment_profile")}
    config = {"api_keys": [{**KEY, "name": "third", "customer_app": "third"}]}
    planned = controller.play(
        api_key("planned", key, check_mode=True),
        task("application", "airs_application", bot, check_mode=True),
        task("tenant", "airs_tenant", {"config": config, "secret_dir": str(tmp_path)}, check_mode=True),
        task("info", "airs_customer_app_info", {}),
    )
    assert nodes(planned) == []
    controller.play(api_key("created", key))
    again = controller.play(task("tenant", "airs_tenant", {"config": {"api_keys": [key]}}, check_mode=True))
    assert nodes(again) == [f"{TENANT}/bot"]
    removed = controller.play(api_key("removed", {"name": "bot", "state": "absent"}))
    assert nodes(removed) == []


def test_several_tenants_in_one_job_have_their_own_nodes() -> None:
    query = QUERIES["panw.airs.airs_customer_app"]
    results = [{"customer_app": {"app_name": "bot", "tsg_id": tenant}} for tenant in ("1", "2", 3, "", None)]
    found = [query.input_value(result).first() for result in results]
    assert [node["name"] for node in found] == ["1/bot", "2/bot", "3/bot", "bot", "bot"]
    assert found[3] == found[4]


#: Keys of results that the expressions use.
NAMES = re.findall(
    r"\w+", "action api_key api_key_id api_keys app app_name applications cust_app customer_app name owner tsg_id"
)
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("action", QUERIES)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(result=JSON)
def test_no_result_makes_a_query_fail_or_return_a_null(action: str, result: Any) -> None:
    for node in QUERIES[action].input_value(result).all():
        assert isinstance(node["name"], str)
        assert node["name"]
        assert all(isinstance(fact, str) for fact in node["canonical_facts"].values())
