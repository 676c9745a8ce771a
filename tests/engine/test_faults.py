# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input and faults: each gives one clear sentence, leaves nothing half-done and shows no secret.

That no secret is shown is asserted for every run by the controller of these tests.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from support.certificates import TlsFiles
from support.emulator import ACCOUNT, OTHER_ACCOUNT, Emulator, JsonObject
from support.faults import (
    CUT,
    CUT_SHORT,
    DROP,
    DROP_AFTER,
    HTML,
    KEY,
    SCAN,
    fails,
    refusals,
    status,
    status_after,
)
from support.playbook import Controller
from support.tasks import CLEAN, TOPIC, api_key, custom_topic, scan, security_profile, task
from support.tenant import Tenant
from support.whole_tenant import airs_tenant, topics

ADVICE = {"name": "advice", **TOPIC}
BOT = {"name": "support-bot", "prompt_injection": "block"}
TOPICS, TOPIC_CREATE, TOPIC_UPDATE, TOPIC_DELETE = "*/topics", "*/topic", "*/topic/uuid/*", "*/topic/*"
PROFILES, PROFILE_CREATE, PROFILE_UPDATE = "*/profiles", "*/profile", "*/profile/uuid/*"
KEY_CREATE, KEY_REGENERATE = "*/apikey", "*/apikey/regenerate/*"
TOKEN = "/oauth2/access_token"


def told(emulator: Emulator, plane: str = "management") -> list[str]:
    """The requests of a plane as methods and what they address: C(POST topic), C(PUT topic/uuid/ID)."""
    requests = [f"{entry['method']} {entry['path'].rpartition('/mgmt/')[2]}" for entry in emulator.journal(plane)]
    return [re.sub(r"[0-9a-f-]{36}", "ID", request) for request in requests]


def retrying(options: JsonObject, num_retries: int = 1) -> JsonObject:
    """Options of a task that waits for its retries a second at most."""
    return {**options, "num_retries": num_retries}


# --- credentials and tokens ------------------------------------------------------------------------------------------


def test_missing_credentials_name_the_options_and_the_variables(controller: Controller, emulator: Emulator) -> None:
    said = refusals(
        controller,
        custom_topic("both", ADVICE),
        custom_topic("one", ADVICE, environment={"PANW_CLIENT_ID": "somebody"}),
        variables={"PANW_CLIENT_ID": None, "PANW_CLIENT_SECRET": None},
    )
    assert "client_id and client_secret are required" in said["both"]
    assert "PANW_CLIENT_ID and PANW_CLIENT_SECRET" in said["both"]
    assert "client_secret is required" in said["one"]
    assert "client_id" not in said["one"]
    assert emulator.journal() == []


def test_empty_variables_and_white_space_around_credentials_do_no_harm(
    controller: Controller, emulator: Emulator
) -> None:
    found = controller.variables
    controller.play(
        task("found", "airs_custom_topic_info", {"client_secret": f" {found['PANW_CLIENT_SECRET']}\r\n"}),
        task("second names", "airs_custom_topic_info", {}, environment={"PANW_CLIENT_ID": "", "PANW_BASE_URL": " "}),
        variables={
            "PANW_BASE_URL": f"{found['PANW_BASE_URL']} ",
            "PANW_TSG_ID": "\n",
            "PANW_CLIENT_ID": f"{ACCOUNT.client_id}\n",
            "PANW_MGMT_CLIENT_ID": ACCOUNT.client_id,
            "PANW_MGMT_ENDPOINT": found["PANW_BASE_URL"],
        },
    )
    assert told(emulator).count("GET topics") == 2


def test_an_unknown_token_host_is_named_with_the_cause(controller: Controller, emulator: Emulator) -> None:
    port = free_port()
    said = refusals(
        controller,
        custom_topic(
            "nobody listens", {**ADVICE, "token_base_url": f"http://127.0.0.1:{port}/token", "num_retries": 0}
        ),
        custom_topic("no such name", {**ADVICE, "token_base_url": "https://nowhere.invalid/token", "num_retries": 0}),
        custom_topic("no such service", {**ADVICE, "base_url": f"http://127.0.0.1:{port}/aisec", "num_retries": 0}),
    )
    refused = f"cannot connect to 127.0.0.1:{port} (Connection refused)."
    assert f"{refused} Check token_base_url." in said["nobody listens"]
    assert "cannot connect to nowhere.invalid" in said["no such name"]
    assert "Check token_base_url." in said["no such name"]
    assert said["no such service"].startswith(f"Could not list custom topics: {refused}")
    assert emulator.journal("management") == []


def test_a_token_endpoint_that_is_a_web_page_is_said(controller: Controller, emulator: Emulator) -> None:
    emulator.add_fault(HTML, path=TOKEN, times=None)
    run = fails(controller, custom_topic("topic", {**ADVICE, "num_retries": 0}))
    assert "text/html instead of JSON" in run.failure
    assert "Check token_base_url" in run.failure
    assert emulator.journal("management") == []


def test_a_token_that_expires_in_the_middle_of_a_run_is_renewed(controller: Controller, emulator: Emulator) -> None:
    emulator.add_fault({"kind": "expire_tokens"}, path="*/aisec/*", skip=2)
    controller.play(
        custom_topic("topics", {"name": "{{ item }}", **TOPIC}, loop=["one", "two", "three"]),
        custom_topic("another", ADVICE),
    )
    assert [entry["status"] for entry in emulator.writes()] == [200, 401, 200, 200, 200]
    assert len(emulator.journal("token")) == 2


def test_a_lasting_401_ends_after_one_fresh_token(controller: Controller, emulator: Emulator) -> None:
    emulator.add_fault(status(401), path=TOPICS, times=None)
    run = fails(controller, custom_topic("topic", ADVICE))
    assert "Could not list custom topics" in run.failure
    assert "(HTTP 401)" in run.failure
    assert told(emulator) == ["GET topics"] * 2
    assert len(emulator.journal("token")) == 2


def test_a_given_access_token_that_expired_is_said(controller: Controller, emulator: Emulator) -> None:
    run = fails(controller, custom_topic("topic", {**ADVICE, "access_token": "eyJ-not-a-token"}))
    assert "(HTTP 401). The access_token might have expired" in run.failure
    assert "eyJ-not-a-token" not in run.text
    assert (len(emulator.journal("token")), told(emulator)) == (0, ["GET topics"])


def test_a_403_is_tried_once_more_and_names_the_permission(controller: Controller, emulator: Emulator) -> None:
    emulator.add_fault(status(403), method="GET", path=TOPICS, times=None)
    run = fails(controller, custom_topic("topic", ADVICE))
    assert "(HTTP 403)" in run.failure
    assert "airs_api.custom_topic" in run.failure
    assert told(emulator) == ["GET topics"] * 2
    assert len(emulator.journal("token")) == 2


def test_a_tsg_id_of_another_tenant_fails_before_any_request(controller: Controller, emulator: Emulator) -> None:
    said = refusals(controller, custom_topic("refused", {**ADVICE, "tsg_id": OTHER_ACCOUNT.tsg_id}))
    assert "(HTTP 400). Check client_id and tsg_id." in said["refused"]

    # A service that gives a token for another tenant than was asked for.
    answer = {
        "access_token": "eyJ-token",
        "token_type": "Bearer",
        "expires_in": 899,
        "scope": f"tsg_id:{ACCOUNT.tsg_id}",
    }
    emulator.add_fault(status(200, body=answer), path=TOKEN, times=None)
    said = refusals(controller, custom_topic("surprised", {**ADVICE, "tsg_id": OTHER_ACCOUNT.tsg_id}))
    assert f"tsg_id is {OTHER_ACCOUNT.tsg_id}" in said["surprised"]
    assert ACCOUNT.tsg_id in said["surprised"]
    assert emulator.journal("management") == []


# --- refusals of the service -----------------------------------------------------------------------------------------


def test_404_on_an_update_plans_anew_and_on_a_delete_means_absent(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    controller.play(custom_topic("topic", ADVICE))
    emulator.clear_journal()
    emulator.add_fault(status(404), method="PUT", path=TOPIC_UPDATE)
    run = controller.play(custom_topic("update", {**ADVICE, "description": "Changed"}))
    assert run["update"]["changed"] is True
    assert told(emulator) == ["GET topics", "PUT topic/uuid/ID", "GET topics", "PUT topic/uuid/ID"]
    assert [row["revision"] for row in tenant.topics("advice")] == [2]

    emulator.add_fault(status_after(404), method="DELETE", path=TOPIC_DELETE)
    run = controller.play(custom_topic("delete", {"name": "advice", "state": "absent"}))
    assert run["delete"]["custom_topic"] is None
    assert tenant.topics("advice") == []


def test_a_lasting_404_names_request_and_object(controller: Controller, emulator: Emulator) -> None:
    controller.play(custom_topic("topic", ADVICE))
    emulator.add_fault(status(404), method="PUT", path=TOPIC_UPDATE, times=None)
    run = fails(controller, custom_topic("update", {**ADVICE, "description": "Changed"}))
    assert run.failure.startswith("Could not update custom topic 'advice': the service reported 'Not found' (HTTP 404)")
    failure = run["update"]["failure"]
    assert (failure["status"], failure["method"]) == (404, "PUT")
    assert re.fullmatch(r"/aisec/v1/mgmt/topic/uuid/[0-9a-f-]{36}", failure["path"])


@pytest.mark.parametrize("kind", ["topic", "profile"])
def test_a_409_for_what_was_created_all_the_same_is_adopted(
    controller: Controller, emulator: Emulator, tenant: Tenant, kind: str
) -> None:
    create = custom_topic("create", ADVICE) if kind == "topic" else security_profile("create", BOT)
    emulator.add_fault(status_after(409), path=TOPIC_CREATE if kind == "topic" else PROFILE_CREATE, method="POST")
    run = controller.play(create)
    assert run["create"]["changed"] is True
    assert len(emulator.writes()) == 1
    held = tenant.topics("advice") if kind == "topic" else tenant.profiles("support-bot")
    assert [row["revision"] for row in held] == [1]


def test_a_409_because_somebody_else_was_faster_becomes_an_update(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    tenant.call("POST", "topic", json={"topic_name": "advice", "description": "Theirs", "examples": []})
    emulator.add_fault(status(200, body={"custom_topics": []}), path=TOPICS)
    run = controller.play(custom_topic("create", ADVICE))
    assert run["create"]["changed"] is True
    (held,) = tenant.topics("advice")
    assert (held["revision"], held["description"]) == (2, TOPIC["description"])


def test_a_409_for_what_is_not_there_is_an_error(controller: Controller, emulator: Emulator) -> None:
    emulator.add_fault(status(409), method="POST", path=TOPIC_CREATE, times=None)
    run = fails(controller, custom_topic("create", ADVICE))
    assert "Could not create custom topic 'advice': the service reported 'Conflict' (HTTP 409)" in run.failure
    assert told(emulator) == ["GET topics", "POST topic", "GET topics"]


def test_a_topic_in_use_is_not_deleted_and_its_holders_are_named(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    profile = {"name": "support-bot", "topics": {"block": ["advice"]}}
    run = fails(
        controller,
        custom_topic("topic", ADVICE),
        security_profile("profile", profile),
        custom_topic("delete", {"name": "advice", "state": "absent"}),
    )
    assert "(HTTP 409)" in run.failure
    assert "support-bot (revision 1)" in run.failure
    assert "force: true" in run.failure
    assert len(tenant.topics("advice")) == 1
    controller.play(custom_topic("force", {"name": "advice", "state": "absent", "force": True}))
    assert tenant.topics("advice") == []


def test_a_profile_in_use_is_not_deleted_and_its_policies_are_named(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    policy = {"policy_id": "1", "policy_name": "east-west", "priority": 1}
    emulator.settings(profile_delete_blocked_by={"support-bot": [policy]})
    absent = {"name": "support-bot", "state": "absent"}
    run = fails(controller, security_profile("profile", BOT), security_profile("delete", absent))
    assert "(HTTP 409)" in run.failure
    assert "east-west" in run.failure
    assert "force: true" in run.failure
    assert len(tenant.profiles("support-bot")) == 1
    controller.play(security_profile("force", {**absent, "force": True}))
    assert tenant.profiles("support-bot") == []


# --- rate limits, server errors, broken answers ----------------------------------------------------------------------


def test_429_is_waited_for_as_long_as_the_service_says(controller: Controller, emulator: Emulator) -> None:
    emulator.add_fault(status(429, headers={"Retry-After": "2"}), method="POST", path=TOPIC_CREATE)
    controller.play(custom_topic("topic", ADVICE))
    first, second = (datetime.fromisoformat(entry["time"].replace("Z", "+00:00")) for entry in emulator.writes())
    assert (second - first).total_seconds() >= 2


@pytest.mark.parametrize(
    ("method", "path", "module", "options"),
    [
        ("GET", TOPICS, "airs_custom_topic", ADVICE),
        ("POST", TOPIC_CREATE, "airs_custom_topic", ADVICE),
        ("POST", TOKEN, "airs_custom_topic", ADVICE),
    ],
)
def test_429_without_a_hint_is_retried_a_limited_number_of_times(
    controller: Controller, emulator: Emulator, method: str, path: str, module: str, options: JsonObject
) -> None:
    emulator.add_fault(status(429), method=method, path=path, times=2)
    said = refusals(controller, task("give up", module, retrying(options)))
    assert "(HTTP 429)" in said["give up"]
    assert "Check token_base_url" not in said["give up"]
    run = controller.play(task("later", module, retrying(options)))
    assert run["later"]["changed"] is True
    assert [entry["status"] for entry in emulator.writes()].count(200) == 1


@pytest.mark.parametrize("code", [500, 503])
def test_a_server_error_once_is_overcome_and_for_ever_is_said(
    controller: Controller, emulator: Emulator, tenant: Tenant, code: int
) -> None:
    emulator.add_fault(status(code), method="GET", path=TOPICS)
    emulator.add_fault(status(code), method="POST", path=TOPIC_CREATE)
    run = controller.play(custom_topic("topic", retrying(ADVICE)))
    assert run["topic"]["changed"] is True
    # After a POST of unknown outcome it looks before it sends again.
    assert told(emulator) == ["GET topics", "GET topics", "POST topic", "GET topics", "POST topic"]

    emulator.clear_journal()
    emulator.add_fault(status(code), method="POST", path=PROFILE_CREATE, times=None)
    run = fails(controller, security_profile("profile", retrying(BOT)))
    assert run.failure.startswith("Could not create security profile 'support-bot': ")
    assert f"(HTTP {code})" in run.failure
    assert told(emulator).count("POST profile") == 2
    assert tenant.profiles("support-bot") == []


@pytest.mark.parametrize("lost", [DROP_AFTER, status_after(503), CUT, CUT_SHORT, HTML], ids=str)
def test_a_lost_answer_to_create_is_adopted(
    controller: Controller, emulator: Emulator, tenant: Tenant, lost: JsonObject
) -> None:
    emulator.add_fault(lost, method="POST", path=TOPIC_CREATE)
    run = controller.play(custom_topic("topic", retrying(ADVICE)))
    created = 2 if lost is HTML else 1  # a page in the place of an answer: the service never saw the request
    assert run["topic"]["changed"] is True
    assert told(emulator).count("POST topic") == created
    (held,) = tenant.topics("advice")
    assert run["topic"]["custom_topic"]["topic_id"] == held["topic_id"]


@pytest.mark.parametrize("kind", ["topic", "profile"])
@pytest.mark.parametrize("lost", [DROP, DROP_AFTER, status_after(503)], ids=str)
def test_a_lost_answer_to_update_makes_one_revision(
    controller: Controller, emulator: Emulator, tenant: Tenant, kind: str, lost: JsonObject
) -> None:
    if kind == "topic":
        first = custom_topic("create", ADVICE)
        second = custom_topic("update", retrying({**ADVICE, "description": "Changed"}))
    else:
        first = security_profile("create", BOT)
        second = security_profile("update", retrying({**BOT, "prompt_injection": "alert"}))
    emulator.add_fault(lost, method="PUT")
    run = controller.play(first, second)
    assert run["update"]["changed"] is True
    revisions = [row["revision"] for row in (tenant.topics("advice") or tenant.profiles("support-bot"))]
    assert revisions == ([2] if kind == "topic" else [2, 1])
    result = run["update"].get("custom_topic") or run["update"]["security_profile"]
    assert result["revision"] == 2


def test_a_lost_answer_to_delete_is_no_error(controller: Controller, emulator: Emulator, tenant: Tenant) -> None:
    emulator.add_fault(DROP_AFTER, method="DELETE")
    absent = {"name": "advice", "state": "absent"}
    run = controller.play(custom_topic("topic", ADVICE), custom_topic("delete", retrying(absent)))
    assert run["delete"]["changed"] is True
    assert tenant.topics("advice") == []


def test_a_create_that_outlasts_the_time_limit_makes_one_topic(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    emulator.add_fault({"kind": "latency", "seconds": 2}, method="POST", path=TOPIC_CREATE)
    run = controller.play(custom_topic("topic", {**ADVICE, "timeout": 1}))
    assert run["topic"]["changed"] is True
    time.sleep(1)  # for the first request to be through, whatever became of it
    assert len(tenant.topics("advice")) == 1


def test_a_service_that_does_not_answer_in_time_is_named(controller: Controller, emulator: Emulator) -> None:
    emulator.add_fault({"kind": "latency", "seconds": 2}, path=TOPICS, times=None)
    run = fails(controller, custom_topic("topic", {**ADVICE, "timeout": 1, "num_retries": 0}))
    assert run.failure.startswith("Could not list custom topics: no response from 127.0.0.1")
    assert "within 1 second" in run.failure
    assert emulator.writes() == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (CUT, "truncated JSON"),
        (CUT_SHORT, "127.0.0.1"),
        (HTML, "text/html instead of JSON"),
        (status(200, body={"topics": []}), "the response has no 'custom_topics'"),
        (status(200, body=[1]), "the response has no 'custom_topics'"),
        (status(302, headers={"Location": "https://login.invalid/"}), "(HTTP 302)"),
        (status(502, body="<html>Bad gateway</html>"), "(HTTP 502)"),
    ],
    ids=["cut", "cut short", "HTML", "other object", "list", "redirect", "text"],
)
def test_an_answer_that_makes_no_sense_is_never_taken_for_an_empty_list(
    controller: Controller, emulator: Emulator, fault: JsonObject, words: str
) -> None:
    emulator.add_fault(fault, path=TOPICS, times=None)
    run = fails(controller, custom_topic("topic", {**ADVICE, "num_retries": 0}))
    assert run.failure.startswith("Could not list custom topics: ")
    assert words in run.failure
    assert "<html>" not in run.failure
    assert run["topic"]["failure"]["path"] == "/aisec/v1/mgmt/topics"
    assert emulator.writes() == []


def test_what_a_row_lacks_is_noted_and_what_cannot_be_read_is_an_error(
    controller: Controller, emulator: Emulator
) -> None:
    odd = {"topic_id": "an-id", "topic_name": "advice", **TOPIC, "revision": None, "examples": None}
    same_topic = {"name": "advice", "description": TOPIC["description"]}
    emulator.add_fault(status(200, body={"custom_topics": [odd]}), path=TOPICS)
    run = controller.play(custom_topic("topic", same_topic))
    assert run["topic"]["changed"] is False
    assert any("revision" in warning for warning in run["topic"]["warnings"])
    emulator.add_fault(status(200, body={"custom_topics": [{**odd, "revision": "two"}]}), path=TOPICS, times=None)
    said = refusals(controller, custom_topic("topic", {**same_topic, "state": "absent", "num_retries": 0}))
    assert "the response for custom topic 'advice' cannot be parsed (revision: " in said["topic"]
    assert emulator.writes() == []


# --- secrets of API keys ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [DROP_AFTER, status_after(503), CUT], ids=str)
def test_a_key_whose_secret_was_lost_on_the_way_is_regenerated(
    controller: Controller,
    emulator: Emulator,
    tenant: Tenant,
    stored_key: JsonObject,
    secret_path: Path,
    lost: JsonObject,
) -> None:
    emulator.add_fault(lost, method="POST", path=KEY_CREATE)
    run = controller.play(api_key("key", retrying(stored_key)))
    assert run["key"]["changed"] is True
    assert told(emulator).count("POST apikey") == 1
    (held,) = tenant.keys("bot")
    assert held["api_key_last8"] == run["key"]["api_key"]["api_key_last8"]
    assert tenant.accepts(secret_path.read_text())


@pytest.mark.parametrize(
    ("lost", "keep_revoked"),
    [
        (DROP, False),
        (DROP_AFTER, False),
        (DROP_AFTER, True),
        (status(503), False),
        (status_after(503), True),
        (CUT, False),
    ],
    ids=str,
)
def test_a_lost_answer_to_regenerate_still_gives_a_secret_that_works(
    controller: Controller,
    emulator: Emulator,
    tenant: Tenant,
    stored_key: JsonObject,
    secret_path: Path,
    lost: JsonObject,
    keep_revoked: bool,
) -> None:
    emulator.settings(keep_revoked_keys=keep_revoked)
    emulator.add_fault(lost, method="POST", path=KEY_REGENERATE)
    run = controller.play(
        api_key("create", stored_key), api_key("regenerate", retrying({**stored_key, "regenerate": "always"}))
    )
    assert run["regenerate"]["changed"] is True
    (held,) = [row for row in tenant.keys("bot") if not row["revoked"]]
    assert held["api_key_id"] == run["regenerate"]["api_key"]["api_key_id"]
    assert tenant.accepts(secret_path.read_text())


def test_a_secret_path_that_cannot_be_written_is_refused_before_a_key_is_made(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    (controller.folder / "file").write_text("")
    paths = {
        "a directory": controller.folder,
        "no folder": controller.folder / "none" / "key",
        "below a file": controller.folder / "file" / "key",
        "not for us": Path("/proc/key"),
    }
    tasks = [api_key(name, {**KEY, "secret_path": str(path)}) for name, path in paths.items()]
    predictions = [{**step, "name": f"{step['name']}, predicted", "check_mode": True} for step in (tasks[0], tasks[2])]
    said = refusals(controller, *tasks, *predictions)
    for name, message in said.items():
        assert f"secret_path {paths[name.removesuffix(', predicted')]} cannot be written: " in message
        assert message.endswith("Nothing was changed.")
    assert emulator.writes() == []
    assert tenant.keys("bot") == []


# --- input -----------------------------------------------------------------------------------------------------------


def test_what_breaks_a_limit_is_refused_before_any_request(controller: Controller, emulator: Emulator) -> None:
    texts = {"description": "ä" * 250, "examples": ["é" * 250, "e"]}
    two_faults = {"name": "n" * 101, "description": "d" * 251}
    prompt = [{"prompt": CLEAN}]
    # The name of each task is what its message has to say.
    said = refusals(
        controller,
        api_key("name must have at most 31 characters, but has 32", {**KEY, "name": "n" * 32}),
        custom_topic("name must have at most 100 characters, but has 101", {**ADVICE, "name": "n" * 101}),
        security_profile("name must have at most 100 characters", {**BOT, "name": "n" * 101}),
        custom_topic("description must have at most 250 characters, but has 251", {**ADVICE, "description": "d" * 251}),
        custom_topic(
            "examples[1] must have at most 250 characters, but has 251", {**ADVICE, "examples": ["e", "e" * 251]}
        ),
        custom_topic("examples must have at most 5 entries, but has 6", {**ADVICE, "examples": list("abcdef")}),
        custom_topic("at most 1000 bytes in total, but have 1001", {**ADVICE, **texts}),
        custom_topic("name must have at most 100 characters, but has 101; description must have", two_faults),
        custom_topic("name is empty", {**ADVICE, "name": "  "}),
        api_key("rotation_time_interval must be", {**KEY, "rotation_time_interval": 0}),
        security_profile("latency.max_seconds must be at least 1, but is 0", {**BOT, "latency": {"max_seconds": 0}}),
        security_profile("topics has 'a' in both", {**BOT, "topics": {"allow": ["a"], "block": ["a"]}}),
        security_profile("urls has 'sports' in both", {**BOT, "urls": {"alert": ["sports"], "block": ["sports"]}}),
        security_profile("mask_inline requires", {**BOT, "data_leak": {"action": "allow", "mask_inline": True}}),
        scan(
            "profile_name must have at most 100 characters, but has 101",
            {"api_key": "not-a-key", "profile_name": "p" * 101, "contents": prompt},
        ),
        scan("contents[0] requires one of prompt", {"api_key": "not-a-key", "profile_name": "p", "contents": [{}]}),
        scan("contents is empty", {"api_key": "not-a-key", "profile_name": "p", "contents": []}),
        scan("api_key or api_token is required", {"profile_name": "p", "contents": prompt}),
    )
    assert [message for words, message in said.items() if words not in message] == []
    assert emulator.journal() == []


def test_what_just_keeps_the_limits_is_accepted(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(
        custom_topic("texts", {"name": "n" * 100, "description": "d" * 250, "examples": ["e" * 250, *"abcd"]}),
        custom_topic("bytes", {"name": "bytes", "description": "ä" * 250, "examples": ["é" * 125, "e" * 250]}),
        security_profile("profile", {**BOT, "name": "n" * 100}),
        api_key("key", {**KEY, "name": "n" * 31, "secret_path": str(controller.folder / "key")}),
    )
    assert all(run[name]["changed"] for name in ("texts", "bytes", "profile", "key"))
    assert [entry["status"] for entry in emulator.writes()] == [200] * 4


def test_unknown_names_are_refused_with_what_they_may_have_meant(
    controller: Controller, emulator: Emulator, stored_key: JsonObject
) -> None:
    said = refusals(
        controller,
        security_profile(
            "custom topic 'wether' does not exist. Did you mean 'Weather'?", {**BOT, "topics": {"block": ["wether"]}}
        ),
        security_profile(
            "custom topic 'zzz' does not exist. The tenant has Sports, Weather.", {**BOT, "topics": {"allow": ["zzz"]}}
        ),
        security_profile(
            "DLP profile 'pii' does not exist. Did you mean 'PII'", {**BOT, "data_leak": {"profiles": ["pii"]}}
        ),
        api_key(
            "profile 'dp-prod' does not exist. Did you mean 'dp-production'?",
            {**stored_key, "deployment_profile": "dp-prod"},
        ),
    )
    assert [message for words, message in said.items() if words not in message] == []
    assert emulator.writes() == []


def test_plain_http_is_refused_for_other_hosts(controller: Controller, emulator: Emulator) -> None:
    said = refusals(
        controller,
        custom_topic("base_url", {**ADVICE, "base_url": "http://airs.invalid/aisec"}),
        custom_topic("token_base_url", {**ADVICE, "token_base_url": "http://airs.invalid/token"}),
        scan("api_endpoint", {**SCAN, "api_endpoint": "http://airs.invalid"}),
    )
    for option, message in said.items():
        assert message.startswith(f"{option} is 'http://airs.invalid")
        assert "http is only allowed" in message
    said = refusals(
        controller,
        custom_topic("no URL", {**ADVICE, "base_url": "airs.invalid"}),
        custom_topic("credentials", {**ADVICE, "base_url": "https://somebody:p4ssw0rd@airs.invalid"}),
    )
    assert "base_url must be an absolute https:// URL" in said["no URL"]
    assert "base_url must not contain credentials" in said["credentials"]
    assert "p4ssw0rd" not in said["credentials"]
    assert emulator.journal() == []


# --- TLS and proxies -------------------------------------------------------------------------------------------------


def test_a_proxy_that_cannot_be_used_is_named_and_no_proxy_is_honoured(
    controller: Controller, tls_emulator: Emulator, tls_files: TlsFiles
) -> None:
    controller.use(tls_emulator)
    topic = {**ADVICE, "ca_path": str(tls_files.authority), "num_retries": 0}
    proxy = {"HTTPS_PROXY": f"http://127.0.0.1:{free_port()}"}
    far = {**topic, "token_base_url": "https://airs.invalid/oauth2/access_token"}
    without = {**proxy, "NO_PROXY": "airs.invalid"}
    said = refusals(
        controller,
        custom_topic("proxy", far, environment=proxy),
        custom_topic("no proxy", far, environment=without),
    )
    assert re.search(r"the proxy for airs\.invalid cannot be used \(Connection refused\)", said["proxy"])
    assert "HTTPS_PROXY" in said["proxy"]
    assert "Check token_base_url" not in said["proxy"]
    assert "cannot connect to airs.invalid" in said["no proxy"]
    assert tls_emulator.journal() == []
    # What stays on this machine needs none.
    controller.play(custom_topic("here", topic, environment=proxy))
    assert len(tls_emulator.writes()) == 1


def test_certificates_are_read_once_for_all_connections(
    controller: Controller, tls_emulator: Emulator, tls_files: TlsFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller.use(tls_emulator)
    read: list[str] = []
    load = ssl.SSLContext.load_verify_locations

    def counting(context: ssl.SSLContext, *places: Any) -> None:
        read.append(places[0])
        load(context, *places)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", counting)
    options = {"config": {"custom_topics": topics(8)}, "concurrency": 8}
    controller.play(airs_tenant("tenant", **options, ca_path=str(tls_files.authority)))
    assert len(tls_emulator.writes()) == 8
    assert read == [str(tls_files.authority)]


# --- scans -----------------------------------------------------------------------------------------------------------


def test_faults_of_the_scan_api_are_said(
    controller: Controller, emulator: Emulator, stored_key: JsonObject, secret_path: Path
) -> None:
    key = f"{{{{ lookup('ansible.builtin.file', '{secret_path}') }}}}"
    controller.play(security_profile("profile", BOT), api_key("key", stored_key))
    good = {**SCAN, "api_key": key, "num_retries": 1}
    said = refusals(
        controller,
        scan("wrong key", SCAN),
        scan("no profile", {**good, "profile_name": "none"}),
    )
    assert "Could not scan contents[0] with security profile 'support-bot': " in said["wrong key"]
    assert "(HTTP 403). The API key might be revoked, expired, or for another region." in said["wrong key"]
    assert "Could not scan contents[0] with security profile 'none': " in said["no profile"]
    assert "not-a-key" not in "".join(said.values())

    emulator.clear_journal()
    for fault in (status(429), status(500), DROP, CUT):
        emulator.add_fault(fault, path="/v1/scan/sync/request")
    run = controller.play(scan("at last", {**good, "num_retries": 4}))
    assert run["at last"]["scans"][0]["action"] == "allow"
    assert len(emulator.journal("scan")) == 5


# --- helpers ---------------------------------------------------------------------------------------------------------


def free_port() -> int:
    """A port of the loopback address on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
