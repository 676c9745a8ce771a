# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong while a tenant is applied stops nothing else, doubles nothing, and the next run does the rest."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from support.emulator import Emulator, JsonObject
from support.faults import DROP, DROP_AFTER, status
from support.playbook import Controller
from support.tasks import TOPIC
from support.tenant import Tenant
from support.whole_tenant import (
    ADVICE,
    LAB_BOT,
    LAB_KEY,
    PRICES,
    SUPPORT_KEY,
    actions,
    airs_tenant,
    assert_once,
    assert_right,
    counted,
    keys,
    profiles,
    row,
    seed,
    seeded_topic,
    topics,
    written,
)

TOPIC_CREATE, PROFILE_CREATE, KEY_CREATE = "*/topic", "*/profile", "*/apikey"
EXPIRE: JsonObject = {"kind": "expire_tokens"}


# --- one object fails ------------------------------------------------------------------------------------------------


def test_a_topic_that_fails_stops_only_what_depends_on_it_and_the_next_run_does_the_rest(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    bad = {"name": "bad", **TOPIC}
    seed(
        emulator,
        custom_topics=[
            seeded_topic("bad", topic_id="t-bad", description="Other"),
            seeded_topic("good", topic_id="t-good", description="Other"),
        ],
    )
    emulator.add_fault(status(400, body={"status_code": 400, "error_message": "No"}), path="*/topic/uuid/t-bad")
    config = {
        "custom_topics": [ADVICE, bad, {"name": "good", **TOPIC}, PRICES],
        "security_profiles": [
            {"name": "dependant", "topics": {"allow": ["advice"], "block": ["bad"]}},
            {"name": "other", "topics": {"block": ["good", "advice"]}},
            LAB_BOT,
        ],
    }
    run = controller.play(airs_tenant("tenant", config=config), diff=True, succeeds=False)
    result = run["tenant"]
    assert result["changed"] is True
    sentence = "Could not update custom topic 'bad': the service reported 'No' (HTTP 400)"
    assert row(result, "bad")["error"].startswith(sentence)
    assert row(result, "dependant")["action"] == "skip"
    assert "custom topic 'bad'" in row(result, "dependant")["error"]
    assert re.match(r"1 of 7 objects failed\b.*: custom topic 'bad': Could not update", run.failure)
    others = [(name, action) for name, action in actions(result) if name not in ("bad", "dependant")]
    assert others == [
        *[("advice", "create"), ("good", "update"), ("prices", "create")],
        *[("other", "create"), ("lab-bot", "create")],
    ]
    assert not [row for row in result["objects"] if "error" in row and row["name"] not in ("bad", "dependant")]
    assert counted(result) == {
        "custom_topics": {"create": 2, "update": 1, "failed": 1},
        "security_profiles": {"create": 2, "skip": 1},
    }
    headers = [entry["after_header"] for entry in result["diff"]]
    assert "security profile 'other'" in headers
    assert "security profile 'dependant'" not in headers
    assert tenant.profiles("dependant") == []

    emulator.clear_journal()
    result = controller.play(airs_tenant("tenant", config=config))["tenant"]
    assert [name for name, action in actions(result) if action != "none"] == ["bad", "dependant"]
    assert written(emulator) == ["PUT topic/uuid/t-bad", "POST profile"]
    assert_right(controller, emulator, config=config)


def test_a_key_that_fails_stops_only_its_application(
    controller: Controller, emulator: Emulator, tenant: Tenant, secret_dir: Path
) -> None:
    emulator.add_fault(status(400), path=KEY_CREATE)
    config = {
        "api_keys": [SUPPORT_KEY, LAB_KEY],
        "customer_apps": [{"name": "support-bot", "model_name": "m"}, {"name": "lab-bot", "model_name": "m"}],
        "custom_topics": [ADVICE],
    }
    options = {"config": config, "secret_dir": str(secret_dir)}
    result = controller.play(airs_tenant("tenant", **options, concurrency=1), succeeds=False)["tenant"]
    assert "(HTTP 400)" in row(result, "support-key")["error"]
    skipped = row(result, "support-bot")
    assert skipped["action"] == "skip"
    assert "API key 'support-key'" in skipped["error"]
    assert (row(result, "lab-key")["action"], row(result, "lab-bot")["action"]) == ("create", "update")
    assert counted(result) == {
        "custom_topics": {"create": 1},
        "api_keys": {"create": 1, "failed": 1},
        "customer_apps": {"update": 1, "skip": 1},
    }
    emulator.clear_journal()
    controller.play(airs_tenant("tenant", **options))
    assert written(emulator) == ["POST apikey", "PUT customerapp"]
    assert_right(controller, emulator, **options)


def test_a_deletion_that_fails_leaves_what_it_depends_on(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    blocking = {"topics": {"block": ["advice"]}}
    made = {"custom_topics": [ADVICE, PRICES], "security_profiles": [{"name": "bot", **blocking}, LAB_BOT]}
    controller.play(airs_tenant("tenant", config=made))
    emulator.settings(profile_delete_blocked_by={"bot": [{"policy_id": "1", "policy_name": "east", "priority": 1}]})
    gone = {kind: [{"name": entry["name"], "state": "absent"} for entry in entries] for kind, entries in made.items()}
    run = controller.play(airs_tenant("tenant", config=gone), succeeds=False)
    result = run["tenant"]
    assert "east" in row(result, "bot")["error"]
    assert "force: true" in row(result, "bot")["error"]
    assert "error" in row(result, "advice")
    assert (row(result, "prices")["action"], row(result, "lab-bot")["action"]) == ("delete", "delete")
    assert (len(tenant.topics("advice")), tenant.topics("prices")) == (1, [])
    emulator.settings(profile_delete_blocked_by={})
    emulator.clear_journal()
    controller.play(airs_tenant("tenant", config=gone))
    assert [request.partition("/")[0] for request in written(emulator)] == ["DELETE profile", "DELETE topic"]


def test_a_message_about_many_failures_stays_short_and_the_rows_have_them_all(
    controller: Controller, emulator: Emulator
) -> None:
    emulator.add_fault(status(403), path=TOPIC_CREATE, times=None)
    config = {"custom_topics": topics(40), "security_profiles": [LAB_BOT]}
    run = controller.play(airs_tenant("tenant", config=config), succeeds=False)
    result = run["tenant"]
    assert re.match(r"40 of 41 objects failed\b.*: custom topic 'topic 000': ", run.failure)
    assert len(run.failure) < 4000
    errors = [row["error"] for row in result["objects"] if row["kind"] == "custom_topic"]
    assert all("airs_api.custom_topic" in error for error in errors)
    assert row(result, "lab-bot")["action"] == "create"
    # Each thread that met a 403 tried once more, with a token that all of them share.
    assert len(emulator.journal("token")) <= 3
    assert len(emulator.writes()) <= 2 * 40 + 1


# --- busy and broken services ----------------------------------------------------------------------------------------


def test_refusals_for_a_while_are_waited_for(
    controller: Controller, emulator: Emulator, tenant: Tenant, secret_dir: Path
) -> None:
    wait = status(429, headers={"Retry-After": "1"})
    emulator.add_fault(wait, method="GET", path="*/topics")
    emulator.add_fault(wait, method="POST", path=TOPIC_CREATE, times=4, skip=3)
    emulator.add_fault(status(503), method="POST", path=PROFILE_CREATE, times=3)
    emulator.add_fault(status(503), method="POST", path=KEY_CREATE, times=2)
    config = {
        "custom_topics": topics(12),
        "security_profiles": profiles(8, topics={"block": ["topic 005"]}),
        "api_keys": keys(4),
    }
    options = {"config": config, "secret_dir": str(secret_dir)}
    result = controller.play(airs_tenant("tenant", **options))["tenant"]
    assert {action for _name, action in actions(result)} == {"create"}
    assert sum(fault["hits"] for fault in emulator.faults()) == 10
    succeeded = Counter(entry["path"].rpartition("/")[2] for entry in emulator.writes() if entry["status"] == 200)
    assert succeeded == Counter(topic=12, profile=8, apikey=4)
    assert_once(tenant, config, secret_dir)


@pytest.mark.parametrize("lost", [DROP_AFTER, {"kind": "status_after", "status": 503}], ids=str)
def test_lost_answers_to_creates_double_nothing(
    controller: Controller, emulator: Emulator, tenant: Tenant, secret_dir: Path, lost: JsonObject
) -> None:
    for path in (TOPIC_CREATE, PROFILE_CREATE, KEY_CREATE):
        emulator.add_fault(lost, method="POST", path=path, times=3, skip=1)
    emulator.settings(latency_seconds=0.02)  # so that all connections are in use
    config = {
        "custom_topics": topics(20),
        "security_profiles": profiles(12, topics={"block": ["topic 003", "topic 004"]}),
        "api_keys": keys(10),
    }
    options = {"config": config, "secret_dir": str(secret_dir), "concurrency": 8}
    result = controller.play(airs_tenant("tenant", **options))["tenant"]
    assert {action for _name, action in actions(result)} == {"create"}
    sent = Counter(written(emulator))
    assert (sent["POST topic"], sent["POST profile"], sent["POST apikey"]) == (20, 12, 10)
    assert_once(tenant, config, secret_dir)
    assert_right(controller, emulator, **options)


def test_lost_answers_to_updates_make_one_revision(controller: Controller, emulator: Emulator, tenant: Tenant) -> None:
    config = {"custom_topics": topics(10)}
    names = [entry["name"] for entry in config["custom_topics"]]
    seed(emulator, custom_topics=[seeded_topic(name, description="Other") for name in names])
    emulator.add_fault(DROP_AFTER, method="PUT", times=2)
    emulator.add_fault(DROP, method="PUT", times=2)
    result = controller.play(airs_tenant("tenant", config=config))["tenant"]
    assert {action for _name, action in actions(result)} == {"update"}
    assert [tenant.topics(name)[0]["revision"] for name in names] == [2] * 10


def test_somebody_else_who_was_faster_is_no_failure(controller: Controller, emulator: Emulator, tenant: Tenant) -> None:
    seed(emulator, custom_topics=[seeded_topic("advice"), seeded_topic("prices", description="Theirs")])
    emulator.add_fault(status(200, body={"custom_topics": []}), method="GET", path="*/topics")
    config = {"custom_topics": [ADVICE, PRICES, *topics(6)]}
    controller.play(airs_tenant("tenant", config=config))
    assert [tenant.topics(name)[0]["revision"] for name in ("advice", "prices", "topic 005")] == [1, 2, 1]
    assert_right(controller, emulator, config=config)


def test_a_token_that_expires_under_all_connections_is_renewed_once(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    emulator.settings(latency_seconds=0.05)
    emulator.add_fault(EXPIRE, path=TOPIC_CREATE, skip=9)
    emulator.add_fault(EXPIRE, path=TOPIC_CREATE, skip=30)
    config = {"custom_topics": topics(40)}
    controller.play(airs_tenant("tenant", config=config, concurrency=8))
    assert [fault["hits"] for fault in emulator.faults()] == [1, 1]
    statuses = Counter(entry["status"] for entry in emulator.writes())
    assert statuses[200] == 40
    assert 2 <= statuses[401] <= 2 * 8
    assert len(emulator.journal("token")) == 3
    assert_once(tenant, config)


def test_a_list_that_cannot_be_read_stops_everything_before_any_write(
    controller: Controller, emulator: Emulator
) -> None:
    config = {"custom_topics": [ADVICE], "security_profiles": [LAB_BOT]}
    emulator.add_fault(status(500), path="*/profiles", times=None)
    run = controller.play(airs_tenant("tenant", config=config, num_retries=0), succeeds=False)
    assert "Could not list security profiles" in run.failure
    assert run["tenant"]["failure"]["status"] == 500
    assert emulator.writes() == []


def test_a_later_page_that_is_no_list_is_never_taken_for_the_end(controller: Controller, emulator: Emulator) -> None:
    seed(emulator, custom_topics=[seeded_topic(entry["name"]) for entry in topics(30)])
    emulator.settings(page_max=10)
    for fault in (status(200, body={"message": "maintenance"}), {"kind": "truncate"}):
        emulator.clear_faults()
        emulator.add_fault(fault, path="*/topics", skip=2, times=None)
        options = {"config": {"custom_topics": topics(30)}, "num_retries": 0}
        run = controller.play(airs_tenant("tenant", **options), succeeds=False)
        assert "Could not list custom topics" in run.failure
    assert emulator.writes() == []
