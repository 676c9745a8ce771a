# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""C(state: overridden) removes what the config does not name: exactly that, unless something speaks against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.emulator import ACCOUNT, OTHER_ACCOUNT, Emulator, JsonObject
from support.playbook import Controller
from support.raw_api import RawApi
from support.tasks import TOPIC
from support.tenant import Tenant
from support.whole_tenant import (
    ADVICE,
    KINDS,
    SUPPORT_KEY,
    actions,
    airs_tenant,
    assert_in_order,
    counted,
    row,
    seed,
    seeded_key,
    seeded_profile,
    seeded_topic,
    topics,
    written,
)

#: Topics that the service brings along.
BUILT_IN = ["Weather", "Sports"]
#: What makes a purge of the tenant lawful; a test adds what it is about.
OVERRIDDEN: JsonObject = {"state": "overridden", "tsg_id": ACCOUNT.tsg_id, "protect": BUILT_IN}


@pytest.fixture
def crowded(emulator: Emulator) -> None:
    """A tenant with two of each kind, of which each profile holds a topic, and an application without a key."""
    seed(
        emulator,
        custom_topics=[seeded_topic("kept", topic_id="t-kept"), seeded_topic("old", topic_id="t-old")],
        ai_profiles=[
            seeded_profile("kept", ("t-kept", "kept")),
            seeded_profile("old", ("t-old", "old")),
            seeded_profile("old", ("t-old", "old")),
        ],
        api_keys=[seeded_key("kept", "app of kept"), seeded_key("old", "app of old")],
        customer_apps=[{"app_name": "without a key", "auth_code": "D0000001"}],
    )


def purged(controller: Controller, emulator: Emulator, **options: Any) -> JsonObject:
    """Purge in check mode and for real: the first has to list exactly what the second removes."""
    options = {**OVERRIDDEN, **options}
    emulator.clear_journal()
    steps = [airs_tenant("predicted", {"check_mode": True}, **options), airs_tenant("done", **options)]
    run = controller.play(*steps, diff=True)
    prediction, done = run["predicted"], run["done"]
    for part in ("changed", "objects", "counts", "diff"):
        assert prediction[part] == done[part], part
    return done


def refused(controller: Controller, emulator: Emulator, *cases: tuple[JsonObject, list[str]]) -> None:
    """Purges are refused before any write, in check mode too; each is given with words that its message has."""
    steps = [
        airs_tenant(f"{number} {mode}", {"check_mode": mode == "predicted", "ignore_errors": True}, **options)
        for number, (options, _words) in enumerate(cases)
        for mode in ("predicted", "done")
    ]
    run = controller.play(*steps)
    for number, (_options, words) in enumerate(cases):
        for mode in ("predicted", "done"):
            name = f"{number} {mode}"
            assert run.kinds(name) == ["ignored"]
            message = run[name]["msg"]
            assert [word for word in words if word not in message] == [], message
    assert "Traceback" not in run.output
    assert emulator.writes() == []


# --- what goes -------------------------------------------------------------------------------------------------------


def test_a_purge_of_keys_tells_what_goes_along_with_them(
    controller: Controller, emulator: Emulator, tenant: Tenant, crowded: None
) -> None:
    done = purged(controller, emulator, config={"api_keys": [{"name": "kept"}]}, purge=["api_keys"])
    assert row(done, "app of old")["goes_with"] == {"kind": "api_key", "name": "old"}
    assert done["summary"] == [
        "Tenant",
        "Deleted:",
        "  API key 'old', together with application 'app of old'",
        "API keys: 1 deleted, 1 unchanged",
        "Applications: 1 deleted (along with its API key)",
    ]
    assert sorted(tenant.apps()) == ["app of kept", "without a key"]


def test_what_the_config_does_not_name_goes_after_the_rows_of_the_config(
    controller: Controller, emulator: Emulator, tenant: Tenant, crowded: None
) -> None:
    config = {
        "custom_topics": [{"name": "kept"}, {"name": "new", **TOPIC}],
        "security_profiles": [{"name": "kept", "prompt_injection": "block"}],
        "api_keys": [{"name": "kept"}],
        "customer_apps": [],
    }
    done = purged(controller, emulator, config=config, purge=list(KINDS))
    assert {(row["kind"], row["name"], row["action"]) for row in done["objects"][:4]} == {
        ("custom_topic", "kept", "none"),
        ("custom_topic", "new", "create"),
        ("security_profile", "kept", "update"),
        ("api_key", "kept", "none"),
    }
    gone = {(row["kind"], row["name"]): row["action"] for row in done["objects"][4:]}
    assert gone == {
        ("custom_topic", "old"): "delete",
        ("security_profile", "old"): "delete",
        ("api_key", "old"): "delete",
        ("customer_app", "app of old"): "delete",
        ("customer_app", "without a key"): "delete",
    }
    assert counted(done) == {
        "custom_topics": {"none": 1, "create": 1, "delete": 1},
        "security_profiles": {"update": 1, "delete": 1},
        "api_keys": {"none": 1, "delete": 1},
        "customer_apps": {"delete": 2},
    }
    assert sum(sum(counts.values()) for counts in done["counts"].values()) == len(done["objects"])
    deletions = [request for request in written(emulator) if request.startswith("DELETE")]
    assert_in_order(deletions, "DELETE customerapp", "DELETE apikey", "DELETE profile", "DELETE topic")
    assert (tenant.topics("old"), tenant.profiles("old"), tenant.keys("old")) == ([], [], [])
    assert tenant.apps() == ["app of kept"]
    assert [len(tenant.topics(name)) for name in ("kept", "new", *BUILT_IN)] == [1] * 4
    assert len(tenant.profiles("kept")) == 2
    emulator.clear_journal()
    again = controller.play(airs_tenant("tenant", **OVERRIDDEN, config=config, purge=list(KINDS)))["tenant"]
    assert (again["changed"], emulator.writes()) == (False, [])


def test_only_the_kinds_to_purge_are_purged(
    controller: Controller, emulator: Emulator, tenant: Tenant, crowded: None
) -> None:
    config = {"security_profiles": [], "custom_topics": [ADVICE]}
    done = purged(controller, emulator, config=config, purge=["security_profiles"])
    assert done["objects"][0]["name"] == "advice"
    assert sorted(actions(done)[1:]) == [("kept", "delete"), ("old", "delete")]
    assert sorted(written(emulator)) == ["DELETE profile/ID"] * 3 + ["POST topic"]
    assert len(tenant.topics("old")) == len(tenant.keys("old")) == 1


def test_protected_names_stay(controller: Controller, emulator: Emulator, tenant: Tenant) -> None:
    seed(emulator, custom_topics=[seeded_topic(name) for name in ("team-a", "team-b", "Team-c", "old", "older")])
    config: JsonObject = {"custom_topics": []}
    done = purged(
        controller, emulator, config=config, purge=["custom_topics"], protect=["team-*", "[SW]*s", "Weather", "ol?"]
    )
    assert sorted(actions(done)) == [("Team-c", "delete"), ("older", "delete")]
    assert all(len(tenant.topics(name)) == 1 for name in ("team-a", "team-b", "old", *BUILT_IN))


def test_a_protected_name_with_brackets_is_no_pattern(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    names = ("Team [EU] advice", "Team E advice", "[old]", "o", "what?")
    seed(emulator, custom_topics=[seeded_topic(name) for name in names])
    config: JsonObject = {"custom_topics": []}
    protect = ["Team [EU] advice", "[old]", "what?", *BUILT_IN]
    done = purged(controller, emulator, config=config, purge=["custom_topics"], protect=protect)
    # What is equal is protected; what the same text describes as a pattern is so, too.
    assert actions(done) == []
    assert all(len(tenant.topics(name)) == 1 for name in names)


def test_what_a_linked_folder_names_is_not_purged_and_what_cannot_be_read_stops_all(
    controller: Controller, emulator: Emulator, tmp_path: Path
) -> None:
    seed(emulator, custom_topics=[seeded_topic(name) for name in ("base", "linked", "other")])
    folders = [tmp_path / "config", tmp_path / "shared"]
    for folder, name in zip(folders, ("base", "linked"), strict=True):
        folder.mkdir()
        (folder / "topics.JSON").write_text(
            f"\ufeff{json.dumps({'custom_topics': [{'name': name, 'state': 'present'}]})}", encoding="utf-8"
        )
    (folders[0] / "team").symlink_to(folders[1], target_is_directory=True)
    options = {**OVERRIDDEN, "config_path": str(folders[0]), "purge": ["custom_topics"]}
    (folders[0] / "gone.yml").symlink_to("nowhere.yml")
    result = controller.play(airs_tenant("purge", **options), succeeds=False)["purge"]
    assert [error["message"] for error in result["errors"]] == ["cannot be read: No such file or directory"]
    assert emulator.writes() == []
    (folders[0] / "gone.yml").unlink()
    result = controller.play(airs_tenant("purge", **options))["purge"]
    assert actions(result) == [("linked", "none"), ("base", "none"), ("other", "delete")]


@pytest.mark.parametrize("protect", ["Plain ", "PLAIN", "plain\u00a0", "team [eu]", "What?"])
def test_a_name_in_protect_that_was_mistyped_is_refused_rather_than_purged(
    controller: Controller, emulator: Emulator, protect: str
) -> None:
    seed(emulator, custom_topics=[seeded_topic(name) for name in ("plain", "Team [EU]", "what?", "other")])
    emulator.clear_journal()
    options = {
        "purge": ["custom_topics"],
        "protect": [protect, *BUILT_IN],
        "state": "overridden",
        "tsg_id": "1000000001",
    }
    result = controller.play(airs_tenant("purge", config={"custom_topics": []}, **options), succeeds=False)["purge"]
    (error,) = result["errors"]
    assert error["path"] == "protect"
    assert "would be purged, but its name is similar to" in error["message"]
    assert "is similar to" in error["message"]
    assert emulator.writes() == []


@pytest.mark.parametrize("body", [{}, {"api_keys": None}, {"customer_apps": None}])
@pytest.mark.parametrize("listed", ["apikeys", "customerapps"])
def test_nothing_is_deleted_for_a_list_that_is_not_there(
    controller: Controller, emulator: Emulator, crowded: None, listed: str, body: JsonObject
) -> None:
    key = {"apikeys": "api_keys", "customerapps": "customer_apps"}[listed]
    if body and key not in body:
        body = {key: None}
    emulator.add_fault({"kind": "status", "status": 200, "body": body}, path=f"*/{listed}", times=None)
    options = {**OVERRIDDEN, "config": {"customer_apps": [], "api_keys": []}, "max_deletions": 100}
    words = ["did not return a list of", "Nothing was changed"]
    refused(
        controller,
        emulator,
        ({**options, "purge": ["customer_apps"]}, words),
        ({**options, "purge": ["api_keys"]}, words),
    )


def test_an_entry_with_state_absent_is_removed_though_its_name_is_protected(
    controller: Controller, emulator: Emulator, tenant: Tenant, crowded: None
) -> None:
    config = {"api_keys": [{"name": "old", "state": "absent"}]}
    done = purged(controller, emulator, config=config, purge=["api_keys"], protect=["old", "kept"])
    assert actions(done) == [("old", "delete"), ("app of old", "delete")]
    assert (len(tenant.keys("kept")), tenant.keys("old")) == (1, [])


def test_what_a_purge_of_keys_takes_along_is_told_and_counted(
    controller: Controller, emulator: Emulator, tenant: Tenant, crowded: None
) -> None:
    config: JsonObject = {"api_keys": [{"name": "kept"}]}
    options = {"config": config, "purge": ["api_keys"]}
    refused(
        controller,
        emulator,
        ({**OVERRIDDEN, **options, "max_deletions": 1}, ["2 objects would be deleted", "application 'app of old'"]),
    )
    done = purged(controller, emulator, **options, max_deletions=2)
    assert [(row["kind"], row["name"], row["action"]) for row in done["objects"] if row["action"] != "none"] == [
        ("api_key", "old", "delete"),
        ("customer_app", "app of old", "delete"),
    ]
    assert {"api_keys", "customer_apps"} == {kind for kind, count in counted(done).items() if count.get("delete")}
    assert written(emulator) == ["DELETE apikey/delete/old"]  # the service does the rest
    assert tenant.apps() == ["app of kept", "without a key"]


@pytest.mark.parametrize(
    "config", [{"api_keys": [{"name": "kept"}]}, {"api_keys": [{"name": "old", "state": "absent"}]}]
)
def test_what_protect_names_does_not_go_with_something_else(
    controller: Controller, emulator: Emulator, crowded: None, config: JsonObject
) -> None:
    options = {**OVERRIDDEN, "config": config, "purge": ["api_keys"], "protect": ["kept", "app of *"]}
    words = ["deleting API key 'old' would also delete its application 'app of old', but protect contains"]
    refused(controller, emulator, (options, words))


def test_applications_of_keys_that_stay_survive_a_purge_of_applications(
    controller: Controller, emulator: Emulator, tenant: Tenant, crowded: None
) -> None:
    done = purged(controller, emulator, config={"customer_apps": []}, purge=["customer_apps"])
    assert actions(done) == [("without a key", "delete")]
    assert sorted(tenant.apps()) == ["app of kept", "app of old"]

    # One that this run makes with a key stays too.
    config = {"api_keys": [SUPPORT_KEY, {"name": "kept"}], "customer_apps": []}
    options = {"config": config, "purge": ["api_keys", "customer_apps"], "secret_dir": str(controller.folder)}
    done = purged(controller, emulator, **options)
    assert sorted(name for name, action in actions(done) if action == "delete") == ["app of old", "old"]
    assert sorted(tenant.apps()) == ["app of kept", "support-bot"]


def test_a_purge_of_a_key_whose_application_holds_a_kept_one_is_refused(
    controller: Controller, emulator: Emulator
) -> None:
    seed(emulator, api_keys=[seeded_key("kept", "shared"), seeded_key("old", "shared")])
    options = {**OVERRIDDEN, "config": {"api_keys": [{"name": "kept"}]}, "purge": ["api_keys"]}
    refused(controller, emulator, (options, ["old", "shared", "kept"]))


def test_a_topic_that_others_hold_stays_unless_forced(
    controller: Controller, emulator: Emulator, tenant: Tenant, crowded: None
) -> None:
    options = {**OVERRIDDEN, "config": {"custom_topics": []}, "purge": ["custom_topics"]}
    run = controller.play(airs_tenant("tenant", **options), succeeds=False)
    result = run["tenant"]
    assert "old (revision 1), old (revision 2)" in row(result, "old")["error"]
    assert "force: true" in row(result, "old")["error"]
    assert "custom topic 'kept': " in run.failure
    assert counted(result)["custom_topics"]["failed"] == 2
    result = controller.play(airs_tenant("tenant", **options, force=True))["tenant"]
    assert sorted(actions(result)) == [("kept", "delete"), ("old", "delete")]
    assert (tenant.topics("old"), tenant.topics("kept")) == ([], [])


def test_a_profile_may_not_name_a_topic_that_the_purge_removes(
    controller: Controller, emulator: Emulator, crowded: None
) -> None:
    config = {"custom_topics": [{"name": "kept"}], "security_profiles": [{"name": "b", "topics": {"block": ["old"]}}]}
    options = {**OVERRIDDEN, "config": config, "purge": ["custom_topics"], "force": True}
    refused(controller, emulator, (options, ["security_profiles[0].topics.block[0]", "'old'"]))


# --- guards ----------------------------------------------------------------------------------------------------------


def test_a_purge_names_its_kinds_and_finds_them_in_the_config(
    controller: Controller, emulator: Emulator, crowded: None
) -> None:
    config = {"custom_topics": [ADVICE]}
    refused(
        controller,
        emulator,
        ({**OVERRIDDEN, "config": config}, ["purge"]),
        ({"config": config, "purge": ["custom_topics"]}, ["purge"]),
        ({**OVERRIDDEN, "config": config, "purge": ["custom_topics", "api_keys"]}, ["api_keys"]),
    )
    assert emulator.journal() == []


def test_a_purge_needs_the_tsg_id_of_the_tenant(controller: Controller, emulator: Emulator, crowded: None) -> None:
    options: JsonObject = {"state": "overridden", "config": {"custom_topics": []}, "purge": ["custom_topics"]}
    refused(controller, emulator, (options, ["tsg_id"]))
    assert emulator.journal() == []
    other = {**options, "tsg_id": OTHER_ACCOUNT.tsg_id}
    refused(controller, emulator, (other, ["tsg_id"]))
    # A token that was given says nothing of its tenant, but what the tenant lists does.
    controller.variables["PANW_ACCESS_TOKEN"] = RawApi(emulator).token()
    refused(controller, emulator, (other, ["tsg_id", ACCOUNT.tsg_id, OTHER_ACCOUNT.tsg_id]))


def test_more_deletions_than_allowed_are_refused_before_any_change(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    seed(emulator, custom_topics=[seeded_topic(entry["name"]) for entry in topics(13)])
    config = {"custom_topics": [ADVICE, {"name": "topic 000"}]}
    options = {**OVERRIDDEN, "config": config, "purge": ["custom_topics"]}
    refused(
        controller,
        emulator,
        (options, ["12", "10", "max_deletions"]),
        ({**options, "max_deletions": 11}, ["12", "11", "max_deletions"]),
        ({**options, "config": {"custom_topics": []}, "max_deletions": 0}, ["13", "max_deletions"]),
    )
    done = purged(controller, emulator, **options, max_deletions=12)
    assert counted(done)["custom_topics"] == {"create": 1, "none": 1, "delete": 12}


def test_a_list_that_cannot_be_read_purges_nothing(controller: Controller, emulator: Emulator, crowded: None) -> None:
    empty = {"kind": "status", "status": 200, "body": {"message": "maintenance"}}
    emulator.add_fault(empty, path="*/topics", times=None)
    config: JsonObject = {"custom_topics": [], "security_profiles": []}
    options = {**OVERRIDDEN, "config": config, "purge": ["custom_topics", "security_profiles"], "num_retries": 0}
    refused(controller, emulator, (options, ["Could not list custom topics"]))
