# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications, their tokens, and what the info modules tell of everything."""

from __future__ import annotations

import stat
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import Controller
from support.steps import again, changes, play_steps, predicted, sides
from support.tasks import API_KEY, CLEAN, EVERY_PROTECTION, TOPIC, api_key, custom_topic, scan, security_profile, task

BOT = {"name": "support-bot"}
MASK = "********"


def app(name: str, options: JsonObject, **keywords: object) -> JsonObject:
    """A task with C(airs_customer_app)."""
    return task(name, "airs_customer_app", {**BOT, **options}, **keywords)


def info(kind: str, options: JsonObject | None = None, **keywords: object) -> JsonObject:
    """A task with an info module."""
    return task(kind, f"airs_{kind}_info", options or {}, **keywords)


@pytest.fixture
def key(controller: Controller) -> None:
    """A key, together with the application support-bot."""
    controller.play(api_key("key", {**BOT, **API_KEY, "secret_path": "key"}))


@pytest.mark.usefixtures("key")
def test_the_life_of_an_application(controller: Controller, emulator: Emulator) -> None:
    update = app("update", {"environment": "staging", "ai_agent_framework": "langchain"})
    clear = app("clear", {"ai_agent_framework": ""})
    delete = app("delete", {"state": "absent"})
    run = play_steps(
        controller,
        emulator,
        *[(predicted(update), "GET"), (update, "GET PUT"), (again(update), "GET")],
        *[(predicted(clear), "GET"), (clear, "GET PUT"), (again(clear), "GET")],
        *[(predicted(delete), "GET"), (delete, "GET DELETE"), (again(delete), "GET")],
        (task("keys", "airs_api_key_info", {}), "GET"),
    )
    assert changes(run, "update", "clear", "delete") == [True, True, False] * 3
    for name in ("update", "clear", "delete"):
        assert sides(run[f"{name}, predicted"]) == sides(run[name])
    assert sides(run["update"]) == (
        {"environment": "prod", "ai_agent_framework": ""},
        {"environment": "staging", "ai_agent_framework": "langchain"},
    )
    updated = run["update"]["customer_app"]
    assert updated == run["update, predicted"]["customer_app"] == run["update, again"]["customer_app"]
    assert updated["api_keys_dp_info"] == [
        {"api_key_name": "support-bot", "dp_name": "dp-production", "auth_code": MASK}
    ]
    # What the task leaves out stays, though an update replaces the whole application.
    assert (updated["cloud_provider"], updated["model_name"]) == ("aws", "default")
    assert sides(run["clear"]) == ({"ai_agent_framework": "langchain"}, {"ai_agent_framework": ""})
    assert run["delete, predicted"]["removed_api_keys"] == run["delete"]["removed_api_keys"] == ["support-bot"]
    assert sides(run["delete"])[0]["api_keys"] == ["support-bot"]
    assert run["delete, again"]["removed_api_keys"] == []
    assert run["keys"]["api_keys"] == []


@pytest.mark.usefixtures("key")
def test_an_application_is_neither_made_nor_renamed(controller: Controller, emulator: Emulator) -> None:
    app_id = controller.play(app("look", {}))["look"]["customer_app"]["customer_app_id"]
    emulator.clear_journal()
    run = controller.play(
        app("the right id", {"customer_app_id": app_id}),
        app("unknown", {"name": "suport-bot"}, ignore_errors=True),
        app("renamed", {"name": "other", "customer_app_id": app_id}, ignore_errors=True),
        app("no such id", {"customer_app_id": "no-such-id"}, ignore_errors=True),
        app("removed by another id", {"customer_app_id": "no-such-id", "state": "absent"}, ignore_errors=True),
    )
    assert run["the right id"]["changed"] is False
    assert run["unknown"]["msg"] == (
        "Cannot update application 'suport-bot': it does not exist. Use airs_api_key to create an application "
        "together with its API key. "
        "Did you mean 'support-bot'?"
    )
    assert (
        f"the application with ID {app_id} is 'support-bot', and applications cannot be renamed"
        in run["renamed"]["msg"]
    )
    for name in ("no such id", "removed by another id"):
        assert "an application with ID no-such-id does not exist. Nothing was changed." in run[name]["msg"]
    assert emulator.writes() == []


def test_tokens_work_on_the_scan_api_and_stay_hidden(controller: Controller, emulator: Emulator) -> None:
    token = {"oauth_client_id": "bot-client", "customer_app": "support-bot"}
    spaced = {name: f" {value}\n" for name, value in token.items()}
    run = controller.play(
        api_key("key", {**BOT, **API_KEY, "secret_path": "key"}),
        security_profile("profile", {**BOT, "prompt_injection": "block"}),
        task("predicted", "airs_oauth_token", {**token, "token_ttl_interval": 2}, check_mode=True),
        task("returned", "airs_oauth_token", token, register="made"),
        task("stored", "airs_oauth_token", {**spaced, "secret_path": "token", "token_ttl_unit": "minutes"}),
        task("too long", "airs_oauth_token", {**token, "token_ttl_interval": 721}, ignore_errors=True),
        task("no time", "airs_oauth_token", {**token, "token_ttl_interval": 0}, ignore_errors=True),
        task("no folder", "airs_oauth_token", {**token, "secret_path": "no/token"}, ignore_errors=True),
        *[
            scan(name, {"api_token": found, "profile_name": "support-bot", "contents": [{"prompt": CLEAN}]})
            for name, found in (
                ("scan", "{{ made.oauth_token_secret }}"),
                ("scan again", "{{ lookup('ansible.builtin.file', 'token') }}"),
            )
        ],
    )
    assert "censored" in run["returned"]
    assert run["predicted"]["oauth_token"]["expires_in"] == "7200"
    assert run["stored"]["oauth_token"]["expires_in"] == "1440"
    assert run["stored"]["oauth_token"]["client_id"] == "bot-client"
    assert "access_token" not in run["stored"]["oauth_token"]
    file = run.folder / "token"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for name in ("too long", "no time"):
        assert "must be between 1 second and 30 days, but token_ttl_interval is " in run[name]["msg"]
    assert "secret_path" in run["no folder"]["msg"]
    assert len([entry for entry in emulator.journal("management") if "accesstoken" in entry["path"]]) == 2
    assert [entry["status"] for entry in emulator.journal("scan")] == [200, 200]


def test_info_of_keys_says_how_long_they_last(controller: Controller, emulator: Emulator) -> None:
    keys = [("short", 3), ("long", 90)]
    run = controller.play(
        *[
            api_key(name, {"name": name, **API_KEY, "rotation_time_interval": days, "secret_path": name})
            for name, days in keys
        ],
        info("api_key", register="all"),
        task("soon", "airs_api_key_info", {"expires_within": 30}),
        task("named", "airs_api_key_info", {"name": "long", "expires_within": 30}),
        task("shown", "airs_api_key_info", {"reveal_auth_code": True}, register="shown"),
        task("negative", "airs_api_key_info", {"expires_within": -1}, ignore_errors=True),
        {"ansible.builtin.assert": {"that": "shown.api_keys[0].auth_code == 'D0000001'"}, "name": "judge"},
    )
    found = {row["api_key_name"]: row for row in run["api_key"]["api_keys"]}
    assert {name: row["days_left"] for name, row in found.items()} == {"short": 2, "long": 89}
    assert {row["auth_code"] for row in found.values()} == {MASK}
    assert [row["api_key_name"] for row in run["soon"]["api_keys"]] == ["short"]
    assert run["named"]["api_keys"] == []
    assert "censored" in run["shown"]
    assert "expires_within must be between 0 and 36500, but is -1" in run["negative"]["msg"]


def test_a_negative_number_of_days_is_refused_before_any_call(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(task("negative", "airs_api_key_info", {"expires_within": -1}), succeeds=False)
    assert "expires_within must be between 0 and 36500, but is -1" in run["negative"]["msg"]
    assert emulator.journal() == []


def test_info_of_keys_reads_every_date_and_warns_of_one_that_cannot_be_read(
    controller: Controller, emulator: Emulator
) -> None:
    soon = (datetime.now(timezone.utc) + timedelta(days=3, hours=1)).strftime("%Y-%m-%d %H:%M:%S")
    day, time = soon.split()
    dates = {
        "whole": f"{day}T{time}Z",
        "nanoseconds": f"{day}T{time}.123456789Z",
        "offset": f"{day}T{time}-0000",
        "go": f"{soon} +0000 UTC",
        "odd": "in a while",
    }
    rows = [
        {"api_key_name": name, "auth_code": "D0000001", "cust_app": name, "expiration": date}
        for name, date in dates.items()
    ]
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"api_keys": rows}}})
    run = controller.play(
        info("api_key"),
        task("soon", "airs_api_key_info", {"expires_within": 30}),
    )
    found = {row["api_key_name"]: (row["days_left"], row["due"]) for row in run["api_key"]["api_keys"]}
    assert found == {**dict.fromkeys(dates, (3, "expiring")), "odd": (None, "unreadable_expiry")}
    assert sorted(row["api_key_name"] for row in run["soon"]["api_keys"]) == sorted(dates)
    for name in ("api_key", "soon"):
        assert run[name]["warnings"] == [
            "The expiration date cannot be parsed, so they are considered due for rotation: API key 'odd'."
        ]


def test_a_rotation_is_planned_by_names_applications_and_places(controller: Controller, emulator: Emulator) -> None:
    keys = [{"name": name, **API_KEY, "customer_app": f"app-{name}", "secret_path": name} for name in ("a", "b", "c")]
    made = controller.play(*[api_key(key["name"], key) for key in keys])
    last8 = {key["name"]: made[key["name"]]["api_key"]["api_key_last8"] for key in keys}
    stored = {
        "a": {"last8": last8["a"], "title": "the sink of a"},
        "b": {"last8": "another-", "title": "the sink of b"},
        "c": {"last8": "another-", "journal_last8": last8["c"], "interrupted": True},
    }

    def plan(name: str, **options: Any) -> JsonObject:
        return task(name, "airs_api_key_rotation_info", options, ignore_errors=True)

    run = controller.play(
        security_profile("profile", {"name": "app-b"}),
        plan("all", stored_secrets=stored),
        plan("named", names="a, b", stored_secrets=stored, profiles={}),
        plan("told", names=["b"], stored_secrets=stored, profiles={"app-b": "mine"}),
        plan("application", customer_apps="app-b\napp-c"),
        plan("unseen", names="a,b", stored_secrets={"a": stored["a"]}),
        plan("everything", regenerate="always", stored_secrets=stored),
        plan("unknown", names=["a", "d"], customer_apps=["app-e"]),
        plan("wide", names=["a"], regenerate_before=90, stored_secrets=stored),
    )

    def planned(name: str) -> list[tuple[str, str, str, bool | None]]:
        return [(row["name"], row["action"], row["reason"], row["in_sink"]) for row in run[name]["api_keys"]]

    assert planned("all") == [("a", "none", "", True), ("b", "none", "", False), ("c", "resume", "", False)]
    assert planned("named") == [("a", "none", "", True), ("b", "rotate", "not_stored", False)]
    assert planned("unseen") == [("a", "none", "", True), ("b", "none", "", None)]
    assert [row.get("profile_name") for row in run["named"]["api_keys"]] == [None, "app-b"]
    assert [row["profile_name"] for row in run["told"]["api_keys"]] == ["mine"]
    assert [(row["name"], row["app"]) for row in run["application"]["api_keys"]] == [("b", "app-b"), ("c", "app-c")]
    assert "always would regenerate all API keys of the tenant" in run["everything"]["msg"]
    assert run["unknown"]["msg"] == (
        "API key 'd' does not exist. The tenant has a, b, c. Application 'app-e' does not exist. "
        "Did you mean 'app-c' or 'app-b' or 'app-a'? Nothing was changed."
    )
    (wide,) = run["wide"]["api_keys"]
    assert wide["action"] == "failed"
    assert wide["error"].startswith(
        "regenerate_before must be less than the lifetime of the key (90 days), but is 90 days"
    )
    assert [write["path"] for write in emulator.writes()[3:] if "/profile" not in write["path"]] == []


def test_an_application_without_a_key_has_none_to_rotate(controller: Controller, emulator: Emulator) -> None:
    row = {"app_name": "idle", "auth_code": "D0000001", "cloud_provider": "aws", "environment": "prod"}
    emulator.seed({"tenants": {ACCOUNT.tsg_id: {"customer_apps": [row]}}})
    run = controller.play(task("plan", "airs_api_key_rotation_info", {"customer_apps": ["idle"]}))
    assert run["plan"]["api_keys"] == []


def test_info_of_topics_names_the_profiles_that_pin_an_older_revision(controller: Controller) -> None:
    run = controller.play(
        custom_topic("topic", {"name": "advice", **TOPIC}),
        security_profile("first", {**BOT, "topics": {"block": ["advice"]}}),
        security_profile("second", {**BOT, "prompt_injection": "block"}),
        custom_topic("change", {"name": "advice", "description": "Changed"}),
        security_profile("third", {"name": "other", "topics": {"allow": ["advice"]}}),
        task("topics", "airs_custom_topic_info", {"name": "advice"}),
    )
    (topic,) = run["topics"]["custom_topics"]
    told = {
        (row["profile_name"], row["profile_revision"]): (
            row["action"],
            row["pinned_revision"],
            row["stale"],
            row["latest"],
        )
        for row in topic["profiles"]
    }
    assert told == {
        ("support-bot", 1): ("block", 1, True, False),
        ("support-bot", 2): ("block", 1, True, True),
        ("other", 1): ("allow", 2, False, True),
    }


def test_info_of_a_profile_can_be_given_to_the_module_that_writes_it(
    controller: Controller, emulator: Emulator
) -> None:
    directions = {"prompt": {"prompt_injection": "block"}, "tool_response": {"agent_security": "block"}}
    options = {name: {**BOT, **made} for name, made in (("one set", EVERY_PROTECTION), ("directions", {}))}
    options["directions"] = {"name": "agent", "directions": directions, "latency": {"max_seconds": 9}}
    run = controller.play(
        *[custom_topic(name, {"name": name, **TOPIC}) for name in ("advice", "prices")],
        *[security_profile(name, made) for name, made in options.items()],
        info("security_profile"),
    )
    found = {row["profile_name"]: row["options"] for row in run["security_profile"]["security_profiles"]}
    assert {key: found["support-bot"][key] for key in ("prompt_injection", "latency")} == {
        key: EVERY_PROTECTION[key] for key in ("prompt_injection", "latency")
    }
    assert found["agent"]["directions"]["tool_response"]["agent_security"] == "block"
    emulator.clear_journal()
    again_run = controller.play(
        *[security_profile(name, {"name": name, **made}) for name, made in found.items()],
    )
    assert [again_run[name]["changed"] for name in found] == [False, False]
    assert emulator.writes() == []


def test_old_revisions_are_pruned_and_listed(controller: Controller, emulator: Emulator) -> None:
    actions = ("block", "allow", "alert", "block")
    prune = security_profile("prune", {**BOT, "prompt_injection": "allow", "prune_revisions": 2})
    run = play_steps(
        controller,
        emulator,
        (security_profile("make", {**BOT, "prompt_injection": "block"}), "GET POST"),
        *[
            (security_profile(f"{n}", {**BOT, "prompt_injection": action}), "GET PUT")
            for n, action in enumerate(actions[1:])
        ],
        (predicted(prune), "GET GET"),
        (prune, "GET GET PUT DELETE DELETE DELETE"),
        (again(prune), "GET GET"),
        (info("security_profile", {**BOT, "latest": False}), "GET"),
        (security_profile("none", {**BOT, "prune_revisions": 0}, ignore_errors=True), ""),
    )
    assert changes(run, "prune") == [True, True, False]
    assert run["prune"]["pruned_revisions"] == run["prune, predicted"]["pruned_revisions"] == [3, 2, 1]
    assert sides(run["prune"])[0]["old_revisions"] == [3, 2, 1]
    assert [row["revision"] for row in run["security_profile"]["security_profiles"]] == [5, 4]
    assert "prune_revisions must be at least 1, but is 0" in run["none"]["msg"]


def test_a_policy_that_holds_an_old_revision_is_named(controller: Controller, emulator: Emulator) -> None:
    emulator.settings(
        profile_delete_blocked_by={"support-bot": [{"policy_id": "p", "policy_name": "gateway", "priority": 1}]}
    )
    run = controller.play(
        security_profile("make", {**BOT, "prompt_injection": "block"}),
        security_profile("prune", {**BOT, "prompt_injection": "allow", "prune_revisions": 1}, ignore_errors=True),
        security_profile("remove", {**BOT, "state": "absent"}, ignore_errors=True),
        security_profile("force", {**BOT, "state": "absent", "force": True}),
        info("security_profile", BOT),
    )
    for name in ("prune", "remove"):
        assert "It is used by policies: gateway. Remove it from these policies, or set force: true." in run[name]["msg"]
    assert run["security_profile"]["security_profiles"] == []


def test_info_of_applications_names_their_keys(controller: Controller) -> None:
    run = controller.play(
        *[api_key(name, {"name": name, **API_KEY, "secret_path": name}) for name in ("blue", "green")],
        info("customer_app", register="all"),
        task("unknown", "airs_customer_app_info", {"name": "nobody"}),
    )
    (found,) = run["customer_app"]["customer_apps"]
    assert (found["app_name"], found["tsg_id"]) == ("support-bot", ACCOUNT.tsg_id)
    assert {row["api_key_name"] for row in found["api_keys_dp_info"]} == {"blue", "green"}
    assert {row["auth_code"] for row in found["api_keys_dp_info"]} == {MASK}
    assert run["unknown"]["customer_apps"] == []
