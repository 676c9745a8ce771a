# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole tenant in one task: everything is made, found right the second time, changed and removed in a good order."""

from __future__ import annotations

import json
import stat
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.emulator import Emulator, JsonObject
from support.playbook import Controller, visible
from support.tasks import TOPIC
from support.tenant import Tenant
from support.whole_tenant import (
    ADVICE,
    EVERYTHING,
    LAB_BOT,
    LAB_KEY,
    PRICES,
    SUPPORT_BOT,
    SUPPORT_KEY,
    actions,
    airs_tenant,
    counted,
    keys,
    lists,
    profiles,
    row,
    rows,
    seed,
    seeded_key,
    seeded_profile,
    seeded_topic,
    topics,
    watched,
    written,
)

AFTER_APPLY = "(known after apply)"


def predicted_and_done(
    controller: Controller, emulator: Emulator, **options: Any
) -> tuple[JsonObject, dict[str, JsonObject]]:
    """Run the task in check mode and for real, hold the results together, and return the result and its diffs by title.

    Had the first written anything, the second would find it right.
    """
    emulator.clear_journal()
    steps = [airs_tenant("predicted", {"check_mode": True}, **options), airs_tenant("done", **options)]
    run = controller.play(*steps, diff=True)
    prediction, done = run["predicted"], run["done"]
    for part in ("changed", "objects", "counts", "diff"):
        assert prediction[part] == done[part], part
    assert len(emulator.journal("token")) == 1
    return done, {entry["after_header"]: entry for entry in done["diff"]}


def unchanged(controller: Controller, emulator: Emulator, **options: Any) -> JsonObject:
    """Run the task and assert that it finds everything right: no change, no write, no diff."""
    emulator.clear_journal()
    result = controller.play(airs_tenant("tenant", **options), diff=True)["tenant"]
    assert {row["action"] for row in result["objects"]} <= {"none"}
    assert (result["changed"], result["diff"]) == (False, [])
    assert emulator.writes() == []
    return result


# --- everything ------------------------------------------------------------------------------------------------------


def test_an_empty_tenant_gets_everything_in_one_task_and_a_second_run_writes_nothing(
    controller: Controller, emulator: Emulator, tenant: Tenant, secret_dir: Path
) -> None:
    options = {"config": EVERYTHING, "secret_dir": str(secret_dir)}
    controller.play(airs_tenant("tenant", **options), check=True)
    assert emulator.writes() == []
    done, diff = predicted_and_done(controller, emulator, **options)
    assert done["changed"] is True
    assert [(row["kind"], row["name"], row["action"]) for row in rows(done)] == [
        ("custom_topic", "advice", "create"),
        ("custom_topic", "prices", "create"),
        ("security_profile", "support-bot", "create"),
        ("security_profile", "lab-bot", "create"),
        ("api_key", "support-key", "create"),
        ("api_key", "lab-key", "create"),
        # The application comes into being with its key, and only then gets the name of its model.
        ("customer_app", "support-bot", "update"),
        ("customer_app", "lab-bot", "none"),
    ]
    assert counted(done) == {
        "custom_topics": {"create": 2},
        "security_profiles": {"create": 2},
        "api_keys": {"create": 2},
        "customer_apps": {"update": 1, "none": 1},
    }
    assert Counter(written(emulator)) == Counter(
        {"POST topic": 2, "POST profile": 2, "POST apikey": 2, "PUT customerapp": 1}
    )
    made = [entry["body"].get("profile_name") or entry["path"] for entry in emulator.writes()]
    assert made.index("support-bot") > max(n for n, path in enumerate(made) if path.endswith("/topic"))
    assert made.index("/aisec/v1/mgmt/customerapp") > made.index("/aisec/v1/mgmt/apikey")
    # The pins of the profiles are those of the topics that the same run made.
    (advice,) = tenant.topics("advice")
    assert f"'topic_id': '{advice['topic_id']}'" in str(tenant.profiles("support-bot")[0]["policy"])
    apps = {row["app_name"]: row for row in tenant.call("GET", "customerapps")["customer_apps"]}
    assert (apps["support-bot"]["model_name"], apps["lab-bot"]["model_name"]) == ("gpt-4o", "default")
    assert apps["lab-bot"]["environment"] == "dev"

    assert set(diff) == {
        "custom topic 'advice'",
        "custom topic 'prices'",
        "security profile 'support-bot'",
        "security profile 'lab-bot'",
        "API key 'support-key'",
        "API key 'lab-key'",
        "application 'support-bot'",
    }
    assert (diff["custom topic 'advice'"]["before"], diff["custom topic 'advice'"]["after"]) == ({}, TOPIC)
    assert diff["security profile 'lab-bot'"]["after"]["prompt_injection"] == "alert"
    assert "model-protection" not in str(done["diff"])
    assert diff["application 'support-bot'"]["after"]["model_name"] == "gpt-4o"

    unchanged(controller, emulator, **options)
    assert len(emulator.journal("token")) == 1
    assert set(lists(emulator).values()) == {1}
    assert set(lists(emulator)) >= {"topics", "profiles", "apikeys", "customerapps"}


MODES: dict[str, JsonObject] = {
    "short pages": {"page_max": 2, "next_offset_zero": True},
    "everything odd": {
        "canonicalise": True,
        "null_topics": True,
        "latest_default": True,
        "delete_body": "empty",
        "topic_history": True,
        "page_max": 3,
        "keep_revoked_keys": True,
    },
}


@pytest.mark.parametrize("settings", MODES.values(), ids=MODES.keys())
def test_a_second_run_writes_nothing_however_the_service_answers(
    controller: Controller, emulator: Emulator, secret_dir: Path, settings: JsonObject
) -> None:
    emulator.settings(**settings)
    changed = {**EVERYTHING, "custom_topics": [{**ADVICE, "description": "Changed"}, PRICES]}
    options = {"secret_dir": str(secret_dir)}
    controller.play(airs_tenant("make", config=EVERYTHING, **options), airs_tenant("change", config=changed, **options))
    unchanged(controller, emulator, config=changed, **options)


@pytest.mark.parametrize("count", [200, 205], ids=["full last page", "short last page"])
@pytest.mark.parametrize("page", [10, 1000], ids=["pages of 10", "pages of 100"])
def test_each_page_of_a_list_is_asked_for_once(
    controller: Controller, emulator: Emulator, count: int, page: int
) -> None:
    config = {"custom_topics": topics(count)}
    seed(emulator, replace=True, custom_topics=[seeded_topic(entry["name"]) for entry in config["custom_topics"]])
    emulator.settings(page_max=page)
    result = unchanged(controller, emulator, config=config)
    assert [row["name"] for row in result["objects"]] == [entry["name"] for entry in config["custom_topics"]]
    asked = emulator.journal("management")
    assert {entry["path"] for entry in asked} == {"/aisec/v1/mgmt/topics"}  # nothing else is needed
    offsets = [int(entry["query"]["offset"]) for entry in asked]
    size = min(page, int(asked[0]["query"]["limit"]))
    needed = list(range(0, count, size))
    # One page more, which comes back empty, may have been asked for ahead.
    assert sorted(offsets) in (needed, [*needed, needed[-1] + size])
    assert len(emulator.journal("token")) == 1


def test_one_write_for_each_changed_object_and_none_for_the_others(controller: Controller, emulator: Emulator) -> None:
    wanted = topics(60)
    right, changed, _missing = wanted[:30], wanted[30:45], wanted[45:]
    there = [seeded_topic(entry["name"]) for entry in right]
    there += [seeded_topic(entry["name"], description="Other") for entry in changed]
    seed(emulator, custom_topics=there)
    result = controller.play(airs_tenant("tenant", config={"custom_topics": wanted}))["tenant"]
    assert actions(result) == [
        (entry["name"], "none" if number < 30 else "update" if number < 45 else "create")
        for number, entry in enumerate(wanted)
    ]
    assert all(row["fields"] == ["description"] for row in result["objects"] if row["action"] == "update")
    assert Counter(written(emulator)) == Counter({"PUT topic/uuid/ID": 15, "POST topic": 15})
    assert lists(emulator) == Counter(topics=1)
    assert len(emulator.journal("token")) == 1


def test_a_changed_topic_is_pinned_anew_by_its_profiles_in_the_same_run(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    blocking = {"topics": {"block": ["advice"]}}
    other = {"topics": {"block": ["Weather"]}}
    config = {
        "custom_topics": [ADVICE],
        "security_profiles": [*profiles(3, **blocking), *profiles(2, "other", **other)],
    }
    controller.play(airs_tenant("tenant", config=config))
    changed = {**config, "custom_topics": [{**ADVICE, "description": "Changed"}]}
    done, diff = predicted_and_done(controller, emulator, config=changed)
    assert [action for _name, action in actions(done)] == ["update"] * 4 + ["none"] * 2
    assert Counter(written(emulator)) == Counter({"PUT topic/uuid/ID": 1, "PUT profile/uuid/ID": 3})
    assert written(emulator)[0] == "PUT topic/uuid/ID"
    assert "'revision': 2" in str(tenant.profiles("profile 002")[0]["policy"])
    assert diff["security profile 'profile 000'"]["before"] == {"topic_revisions": {"advice": 1}}
    assert diff["security profile 'profile 000'"]["after"] == {"topic_revisions": {"advice": 2}}
    unchanged(controller, emulator, config=changed)


def test_rows_and_diffs_keep_the_order_of_the_input(controller: Controller, emulator: Emulator) -> None:
    names = ["m", "z", "a", "k", "b", "y", "c"]
    config = {
        "custom_topics": [{"name": name, **TOPIC} for name in names],
        "security_profiles": [{"name": name, "topics": {"block": [name]}} for name in reversed(names)],
    }
    emulator.add_fault({"kind": "latency", "seconds": 0.3}, method="POST", path="*/topic")  # the first ends last
    result = controller.play(airs_tenant("tenant", config=config, concurrency=7), diff=True)["tenant"]
    assert [row["name"] for row in result["objects"]] == [*names, *reversed(names)]
    headers = [f"custom topic '{name}'" for name in names] + [f"security profile '{name}'" for name in reversed(names)]
    assert [entry["after_header"] for entry in result["diff"]] == headers
    assert [entry["before_header"] for entry in result["diff"]] == headers


def test_entries_take_the_options_of_their_module_as_it_takes_them(
    controller: Controller, emulator: Emulator, tenant: Tenant, secret_dir: Path
) -> None:
    config = {
        # Aliases, and values of other types that stand for the right ones.
        "custom_topics": [{"topic_name": "advice", "description": 5, "examples": "one"}],
        "security_profiles": [{"profile_name": "bot", "latency": {"max_seconds": "7"}, "mask_data_in_storage": "yes"}],
        "api_keys": [
            {
                "api_key_name": "key",
                "dp_name": "dp-production",
                "app_name": "bot",
                "cust_env": "dev",
                "cust_cloud_provider": "aws",
                "rotation_time_interval": "90",
                "rotation_time_unit": "days",
            }
        ],
        "customer_apps": [{"app_name": "bot", "model_name": "gpt-4o"}],
    }
    options = {"config": config, "secret_dir": str(secret_dir)}
    result = controller.play(airs_tenant("tenant", **options))["tenant"]
    assert actions(result) == [("advice", "create"), ("bot", "create"), ("key", "create"), ("bot", "update")]
    (topic,) = tenant.topics("advice")
    assert (topic["description"], topic["examples"]) == ("5", ["one"])
    unchanged(controller, emulator, **options)


def test_what_an_entry_leaves_out_is_not_managed(controller: Controller, emulator: Emulator, tenant: Tenant) -> None:
    controller.play(
        airs_tenant("tenant", config={"custom_topics": [ADVICE, PRICES], "security_profiles": [SUPPORT_BOT]})
    )
    before = tenant.profiles("support-bot")[0]["policy"]
    named_only = {"custom_topics": [{"name": "advice"}], "security_profiles": [{"name": "support-bot"}]}
    unchanged(controller, emulator, config=named_only)
    config = {"security_profiles": [{"name": "support-bot", "prompt_injection": "alert"}]}
    done, diff = predicted_and_done(controller, emulator, config=config)
    weaker = {"protection": "prompt_injection", "before": "block", "after": "alert"}
    assert row(done, "support-bot") == {
        "kind": "security_profile",
        "name": "support-bot",
        "action": "update",
        "fields": ["prompt_injection"],
        "weakened": [weaker],
    }
    assert done["weakened"] == [{"kind": "security_profile", "name": "support-bot", **weaker}]
    shown = diff["security profile 'support-bot'"]
    assert (shown["before"], shown["after"]) == (
        {"prompt_injection": "block"},
        {"weakened": ["prompt_injection: block -> alert"], "prompt_injection": "alert"},
    )
    after = tenant.profiles("support-bot")[0]["policy"]
    assert json.dumps(after).replace('"prompt-injection", "action": "alert"', "*") == json.dumps(before).replace(
        '"prompt-injection", "action": "block"', "*"
    )


def test_an_empty_config_is_right(controller: Controller, emulator: Emulator) -> None:
    assert counted(unchanged(controller, emulator, config={"custom_topics": [], "api_keys": []})) == {}


# --- removing --------------------------------------------------------------------------------------------------------


def test_absent_entries_are_deleted_in_an_order_in_which_nothing_holds_them(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    seed(
        emulator,
        custom_topics=[seeded_topic("old", topic_id="t-old"), seeded_topic("kept", topic_id="t-kept")],
        ai_profiles=[
            seeded_profile("old", ("t-old", "old")),
            seeded_profile("old", ("t-old", "old"), ("t-kept", "kept")),
            seeded_profile("kept"),
        ],
        api_keys=[seeded_key("old", "app-of-old"), seeded_key("kept", "kept"), seeded_key("of-gone", "gone")],
    )
    gone = {"name": "old", "state": "absent"}
    config = {
        "custom_topics": [gone, {"name": "kept"}, {"name": "never was", "state": "absent"}, {"name": "new", **TOPIC}],
        "security_profiles": [gone, {"name": "kept"}],
        "api_keys": [gone, {"name": "kept"}],
        "customer_apps": [{"name": "gone", "state": "absent"}, {"name": "kept"}],
    }
    done, diff = predicted_and_done(controller, emulator, config=config)
    assert actions(done) == [
        *[("old", "delete"), ("kept", "none"), ("never was", "none"), ("new", "create")],
        *[("old", "delete"), ("kept", "none")] * 2,
        ("of-gone", "delete"),  # goes with its application
        *[("gone", "delete"), ("kept", "none")],
        ("app-of-old", "delete"),  # goes with its key
    ]
    assert [request for request in written(emulator) if request != "POST topic"] == [
        *("DELETE customerapp", "DELETE apikey/delete/old", "DELETE profile/ID", "DELETE profile/ID"),
        "DELETE topic/t-old",
    ]
    assert diff["custom topic 'old'"]["after"] == {}
    assert (tenant.topics("old"), tenant.profiles("old"), tenant.keys("old"), tenant.keys("of-gone")) == (
        [],
        [],
        [],
        [],
    )
    assert tenant.apps() == ["kept"]
    unchanged(controller, emulator, config=config)


def test_a_topic_that_is_taken_out_of_a_profile_can_go_in_the_same_run_by_force(
    controller: Controller, emulator: Emulator, tenant: Tenant
) -> None:
    both = {"custom_topics": [ADVICE, PRICES], "security_profiles": [SUPPORT_BOT]}
    controller.play(airs_tenant("tenant", config=both))
    freed = {"name": "support-bot", "topics": {"block": ["advice"], "allow": []}}
    config = {
        "custom_topics": [ADVICE, {"name": "prices", "state": "absent"}],
        "security_profiles": [freed],
    }
    result = controller.play(airs_tenant("tenant", config=config), succeeds=False)["tenant"]
    # The revision before still pins it.
    assert "support-bot (revision 1)" in row(result, "prices")["error"]
    assert "force: true" in row(result, "prices")["error"]
    config["custom_topics"][1]["force"] = True
    result = controller.play(airs_tenant("tenant", config=config))["tenant"]
    assert [action for _name, action in actions(result)] == ["none", "delete", "none"]
    assert tenant.topics("prices") == []


# --- check mode and diff ---------------------------------------------------------------------------------------------


def test_ids_that_do_not_exist_yet_are_known_after_apply(
    controller: Controller, emulator: Emulator, secret_dir: Path
) -> None:
    options = {"secret_dir": str(secret_dir)}
    controller.play(airs_tenant("tenant", config={"api_keys": [SUPPORT_KEY]}, **options))
    config = {"api_keys": [{**SUPPORT_KEY, "regenerate": "always"}]}
    result = controller.play(airs_tenant("tenant", config=config, **options), check=True, diff=True)["tenant"]
    assert [action for _name, action in actions(result)] == ["regenerate"]
    (shown,) = result["diff"]
    assert shown["after"]["api_key_id"] == AFTER_APPLY
    assert shown["before"]["api_key_id"] != AFTER_APPLY


def test_without_diff_mode_there_is_no_diff(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(
        airs_tenant("predicted", {"check_mode": True}, config={"custom_topics": [ADVICE]}),
        airs_tenant("done", config={"custom_topics": [ADVICE]}),
    )
    assert [("diff" in run[name], run[name]["changed"]) for name in ("predicted", "done")] == [(False, True)] * 2


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_secrets_of_new_keys_go_to_private_files(
    controller: Controller, emulator: Emulator, tenant: Tenant, secret_dir: Path
) -> None:
    own = controller.folder / "own"
    config: JsonObject = {"api_keys": [{**SUPPORT_KEY}, {**LAB_KEY, "secret_path": str(own)}]}
    options = {"secret_dir": str(secret_dir)}
    done, _diff = predicted_and_done(controller, emulator, config=config, **options)
    paths = {name: Path(row(done, name)["secret_path"]) for name in ("support-key", "lab-key")}
    assert paths == {"support-key": secret_dir / "support-key.key", "lab-key": own}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths.values()} == {0o600}
    assert visible(secret_dir) == ["support-key.key"]
    first = {name: path.read_text() for name, path in paths.items()}
    assert all(tenant.accepts(secret) for secret in first.values())
    assert "api_key_secrets" not in done

    config["api_keys"][0]["regenerate"] = "always"
    done, _diff = predicted_and_done(controller, emulator, config=config, **options)
    assert actions(done) == [("support-key", "regenerate"), ("lab-key", "none")]
    assert counted(done) == {"api_keys": {"regenerate": 1, "none": 1}}
    assert not tenant.accepts(first["support-key"])
    assert tenant.accepts(paths["support-key"].read_text())


def test_a_key_that_a_killed_run_has_made_is_renewed_for_the_note_in_secret_dir(
    controller: Controller, emulator: Emulator, tenant: Tenant, secret_dir: Path
) -> None:
    def applied(name: str, regenerate: str) -> JsonObject:
        config = {"api_keys": [{**SUPPORT_KEY, "regenerate": regenerate}]}
        result: JsonObject = controller.play(airs_tenant(name, config=config, secret_dir=str(secret_dir)))[name]
        return result

    applied("made", "never")
    file, note = secret_dir / "support-key.key", secret_dir / "support-key.key.airs-journal"
    assert visible(secret_dir) == [file.name]
    # Who took the secret away had it; of a run that was killed nobody has.
    file.unlink()
    assert actions(applied("taken away", "expiring")) == [("support-key", "none")]
    note.touch()
    warned = applied("never", "never")
    assert actions(warned) == [("support-key", "none")]
    assert f"{file} does not contain the secret of API key 'support-key'" in warned["warnings"][0]
    healed = applied("healed", "expiring")
    assert actions(healed) == [("support-key", "regenerate")]
    assert row(healed, "support-key")["reason"] == "not_stored"
    assert tenant.accepts(file.read_text())
    assert visible(secret_dir) == [file.name]
    # A run that was killed after that has left the note only.
    note.touch()
    assert actions(applied("stored", "expiring")) == [("support-key", "none")]
    assert visible(secret_dir) == [file.name]


@pytest.mark.parametrize(("status", "noted"), [(403, False), (503, True)])
def test_only_what_may_have_been_made_is_noted(
    controller: Controller, emulator: Emulator, secret_dir: Path, status: int, noted: bool
) -> None:
    fault = {"kind": "status", "status": status, "body": {"error": {"message": "no"}}}
    emulator.add_fault(fault, method="POST", path="*/apikey", times=None)
    task = airs_tenant("tenant", config={"api_keys": [SUPPORT_KEY]}, secret_dir=str(secret_dir), num_retries=0)
    controller.play(task, succeeds=False)
    assert visible(secret_dir) == ["support-key.key.airs-journal"] * noted


def test_new_secrets_without_a_place_are_refused_unless_they_are_returned(
    controller: Controller, emulator: Emulator, secret_dir: Path
) -> None:
    config = {"custom_topics": [ADVICE], "api_keys": [SUPPORT_KEY, LAB_KEY]}
    for check in (True, False):
        refused = controller.play(airs_tenant("it", {"check_mode": check}, config=config), succeeds=False)["it"]
        assert [(error["path"], error["message"].partition(":")[0]) for error in refused["errors"]] == [
            ("api_keys[0]", "no destination for the new secret of API key 'support-key'"),
            ("api_keys[1]", "no destination for the new secret of API key 'lab-key'"),
        ]
    assert emulator.writes() == []
    # What is there needs none, nor does what goes.
    controller.play(airs_tenant("made", config=config, secret_dir=str(secret_dir)))
    gone = {"api_keys": [SUPPORT_KEY, {"name": "lab-key", "state": "absent"}]}
    assert controller.play(airs_tenant("it", config=gone))["it"]["changed"]


def test_secrets_go_to_files_by_the_names_of_their_keys(
    controller: Controller, tenant: Tenant, secret_dir: Path
) -> None:
    own = {**LAB_KEY, "secret_path": str(secret_dir / "own")}
    config = {"api_keys": [SUPPORT_KEY, own, {"name": "gone", "state": "absent"}]}
    paths = {"support-key": str(secret_dir / "journal"), "lab-key": str(secret_dir / "unused")}
    plan = airs_tenant("plan", {"check_mode": True}, config=config, secret_paths={}, return_secrets=True)
    run = controller.play(
        plan,
        airs_tenant("done", config=config, secret_paths=paths),
        airs_tenant("again", config=config, secret_paths=paths),
    )
    (planned,), (made,), (there,) = (run[name]["keys_to_store"] for name in ("plan", "done", "again"))
    assert (planned["name"], planned["app"], planned["due"]) == ("support-key", SUPPORT_KEY["customer_app"], True)
    assert (made["due"], there["due"], run["again"]["changed"]) == (True, False, False)
    assert made["owner"] == there["owner"]
    assert (secret_dir / "journal").read_text()[-8:] in made["owner"]["last8s"]
    assert sorted(path.name for path in secret_dir.iterdir() if path.name[0] != ".") == ["journal", "own"]
    # Whoever takes it from there has it: nothing is renewed for it.
    (secret_dir / "journal").unlink()
    assert not controller.play(airs_tenant("again", config=config, secret_paths=paths))["again"]["changed"]


def test_new_secrets_without_a_place_are_named_in_the_plan_too(controller: Controller, secret_dir: Path) -> None:
    config = {"api_keys": [SUPPORT_KEY, {**LAB_KEY, "secret_path": str(controller.folder / "own")}]}
    tasks = {"plan": {"check_mode": True}, "done": {}, "again": {}}
    given = {"config": config, "return_secrets": True}
    run = controller.play(*[airs_tenant(name, keywords, **given) for name, keywords in tasks.items()])
    assert run["plan"]["secrets_without_place"] == ["support-key"]
    # The result itself has secrets, so it is hidden.
    assert "censored" in run["done"]
    assert "secrets_without_place" not in run["again"]

    stored = controller.play(airs_tenant("plan", {"check_mode": True}, config=config, secret_dir=str(secret_dir)))
    assert "secrets_without_place" not in stored["plan"]


def test_a_key_that_goes_has_no_place_for_its_secret(controller: Controller, secret_dir: Path) -> None:
    keys_alone = {"api_keys": [SUPPORT_KEY]}
    gone = {"api_keys": [{"name": "support-key", "state": "absent"}]}
    run = controller.play(
        airs_tenant("make", config=keys_alone, secret_dir=str(secret_dir)),
        airs_tenant("remove", config=gone, secret_dir=str(secret_dir)),
    )
    assert "secret_path" in row(run["make"], "support-key")
    removed = row(run["remove"], "support-key")
    assert (removed["action"], "secret_path" in removed) == ("delete", False)


def test_a_key_whose_secret_nobody_holds_is_healed(
    controller: Controller, emulator: Emulator, tenant: Tenant, secret_dir: Path
) -> None:
    own = controller.folder / "own"
    wanted = [{**entry, "regenerate": "expiring"} for entry in keys(4)]
    wanted[0]["secret_path"] = str(own)
    options = {"config": {"api_keys": wanted}, "secret_dir": str(secret_dir)}
    controller.play(airs_tenant("tenant", **options))
    own.unlink()
    # Somebody else renews it.
    theirs = {"api_keys": [{**wanted[1], "regenerate": "always"}]}
    controller.play(airs_tenant("theirs", config=theirs, return_secrets=True))
    # From the folder, secrets are taken to where they belong.
    (secret_dir / "key-002.key").unlink()
    done, _diff = predicted_and_done(controller, emulator, **options)
    assert [action for _name, action in actions(done)] == ["regenerate", "regenerate", "none", "none"]
    paths = (own, secret_dir / "key-001.key", secret_dir / "key-003.key")
    assert all(tenant.accepts(path.read_text()) for path in paths)
    unchanged(controller, emulator, **options)


def test_a_secret_dir_that_is_missing_is_refused_before_any_change(controller: Controller, emulator: Emulator) -> None:
    missing = controller.folder / "nowhere"
    options = {"config": {"custom_topics": [ADVICE], "api_keys": [SUPPORT_KEY]}, "secret_dir": str(missing)}
    run = controller.play(airs_tenant("tenant", **options), succeeds=False)
    assert str(missing) in run.failure
    assert emulator.writes() == []
    assert not missing.exists()


def test_a_name_never_leads_a_secret_out_of_its_folder(
    controller: Controller, emulator: Emulator, secret_dir: Path
) -> None:
    names = {
        "../escaped": "%2E.%2Fescaped.key",
        "deep/key": "deep%2Fkey.key",
        "$PANW_CLIENT_SECRET": "%24PANW_CLIENT_SECRET.key",
        "~": "%7E.key",
        "Bot": "Bot.key",
    }
    # From a file: what a task has is a template.
    config = controller.folder / "keys.json"
    keys = [{**SUPPORT_KEY, "name": name, "customer_app": f"app {n}"} for n, name in enumerate(names)]
    config.write_text(json.dumps({"api_keys": keys}), encoding="utf-8")
    options = {"config_path": str(config), "secret_dir": str(secret_dir)}
    run = controller.play(airs_tenant("tenant", **options), airs_tenant("again", **options))
    assert set(visible(secret_dir)) == set(names.values())
    told = {entry["name"]: entry["secret_path"] for entry in run["tenant"]["objects"]}
    assert told == {name: f"{secret_dir}/{file}" for name, file in names.items()}
    assert run["again"]["changed"] is False
    assert [path for path in controller.folder.rglob("*escaped*") if path.parent != secret_dir] == []


def test_two_secrets_in_one_file_are_refused_before_any_call(
    controller: Controller, emulator: Emulator, secret_dir: Path
) -> None:
    """However their paths are written."""
    (controller.folder / "link").symlink_to(secret_dir)
    (controller.folder / "far").symlink_to("/usr/lib")
    (secret_dir / "alias").symlink_to("b.key")
    paths = [f"{secret_dir}/b.key", f"{controller.folder}/link/b.key", f"{secret_dir}/../secrets/b.key"]
    paths += [
        f"{controller.folder}/far/../secrets/b.key",
        f"{secret_dir}/alias",
        "$SECRETS/b.key",
        "~/../secrets/b.key",
    ]
    environment = {"environment": {"SECRETS": str(secret_dir), "HOME": str(controller.folder / "home")}}
    (controller.folder / "home").mkdir(exist_ok=True)
    for path in paths:
        entries = [{**SUPPORT_KEY, "name": "a", "secret_path": path}, {**SUPPORT_KEY, "name": "b"}]
        for check in (True, False):
            step = airs_tenant("tenant", environment, config={"api_keys": entries}, secret_dir=str(secret_dir))
            run = controller.play(step, check=check, succeeds=False)
            assert run.failure.endswith(
                f"api_keys[1]: its secret would be stored in {secret_dir}/b.key, like that of API key 'a': use a "
                "different secret_path"
            )
    assert emulator.journal() == []
    gone = [{**SUPPORT_KEY, "name": "a", "secret_path": paths[0], "state": "absent"}, {**SUPPORT_KEY, "name": "b"}]
    controller.play(airs_tenant("tenant", config={"api_keys": gone}, secret_dir=str(secret_dir)))


# --- names that differ between tenants -------------------------------------------------------------------------------


def test_name_map_translates_names_of_another_tenant(
    controller: Controller, emulator: Emulator, tenant: Tenant, secret_dir: Path
) -> None:
    config = {
        "security_profiles": [{"name": "bot", "data_leak": {"profiles": ["Their PII", "PHI"], "action": "block"}}],
        "api_keys": [{**SUPPORT_KEY, "deployment_profile": "dp-theirs"}],
    }
    mapped = {"deployment_profiles": {"dp-theirs": "dp-production"}, "dlp_profiles": {"Their PII": "PII"}}
    options = {"config": config, "name_map": mapped, "secret_dir": str(secret_dir)}
    done, diff = predicted_and_done(controller, emulator, **options)
    assert actions(done) == [("bot", "create"), ("support-key", "create")]
    assert diff["security profile 'bot'"]["after"]["data_leak"]["profiles"] == ["PHI", "PII"]
    assert tenant.keys("support-key")[0]["dp_name"] == "dp-production"
    unchanged(controller, emulator, **options)


# --- concurrency -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("options", "most"), [({"concurrency": 3}, 3), ({}, 8), ({"concurrency": 1}, 1)], ids=str)
def test_concurrency_bounds_the_requests_in_flight_and_uses_what_it_may(
    controller: Controller, emulator: Emulator, options: JsonObject, most: int
) -> None:
    config = {"custom_topics": topics(24 if most > 1 else 6), "security_profiles": [LAB_BOT]}
    emulator.settings(latency_seconds=0.15)
    with watched(emulator) as crowd:
        controller.play(airs_tenant("tenant", config=config, **options))
    assert crowd.samples > 10
    assert crowd.most == most


# --- config_path -----------------------------------------------------------------------------------------------------


def test_a_folder_of_files_is_merged_in_the_order_of_their_paths(
    controller: Controller, emulator: Emulator, secret_dir: Path
) -> None:
    folder = controller.folder / "tenant"
    files: dict[str, Any] = {
        "b/topics.yaml": {"custom_topics": [{"name": "second", **TOPIC}], "security_profiles": [LAB_BOT]},
        "a.yml": {"custom_topics": [{"name": "first", **TOPIC}]},
        "c.json": {"custom_topics": [{"name": "third", **TOPIC}], "api_keys": [LAB_KEY]},
        "b/deep/er.yml": {"security_profiles": [{"name": "deep", "topics": {"block": ["third", "Weather"]}}]},
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content) if name.endswith("json") else yaml.safe_dump(content))
    for name in (".hidden.yml", ".git/config.yml", "README.md", "notes.txt", "b/.old/x.yml"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("}{ not: meant")
    # Nothing in a file is a template.
    (folder / "z.yml").write_text("---\n# Nothing but a comment, and below a name in braces.\n")
    (folder / "d.yml").write_text('---\ncustom_topics: [{name: "{{ inventory_hostname }}", description: as it is}]\n')
    options = {"config_path": str(folder), "secret_dir": str(secret_dir)}
    done, _diff = predicted_and_done(controller, emulator, **options)
    assert [row["name"] for row in done["objects"] if row["kind"] == "custom_topic"] == [
        *("first", "second", "third"),
        "{{ inventory_hostname }}",
    ]
    assert sorted(row["name"] for row in done["objects"] if row["kind"] == "security_profile") == ["deep", "lab-bot"]
    assert counted(done)["api_keys"] == {"create": 1}
    unchanged(controller, emulator, **options)


def test_a_single_file_is_read(controller: Controller, emulator: Emulator) -> None:
    config = {"custom_topics": [ADVICE, PRICES], "security_profiles": [SUPPORT_BOT]}
    files = [controller.folder / name for name in ("tenant.yml", "tenant.yaml", "tenant.json")]
    for file in files:
        file.write_text(json.dumps(config) if file.suffix == ".json" else yaml.safe_dump(config))
    steps = [airs_tenant(file.name, config_path=str(file)) for file in files]
    run = controller.play(airs_tenant("tenant", config=config), *steps)
    assert [run[file.name]["changed"] for file in files] == [False] * 3
    assert [len(run[file.name]["objects"]) for file in files] == [3] * 3


def test_a_second_task_of_the_play_sees_what_the_first_did(controller: Controller, emulator: Emulator) -> None:
    run = controller.play(
        airs_tenant("first", config={"custom_topics": [ADVICE]}),
        airs_tenant("second", config={"security_profiles": [{"name": "bot", "topics": {"block": ["advice"]}}]}),
        airs_tenant(
            "loop",
            {"loop": ["one", "two", "one"]},
            config={"custom_topics": [{"name": "{{ item }}", **TOPIC}]},
        ),
    )
    assert run["second"]["changed"] is True
    assert [item["changed"] for item in run["loop"]["results"]] == [True, True, False]
    assert len(emulator.journal("token")) == 1


def test_a_key_that_exists_with_other_properties_is_refused(
    controller: Controller, emulator: Emulator, secret_dir: Path
) -> None:
    options = {"secret_dir": str(secret_dir)}
    controller.play(airs_tenant("tenant", config={"api_keys": [SUPPORT_KEY]}, **options))
    emulator.clear_journal()
    config = {"api_keys": [{**SUPPORT_KEY, "environment": "dev"}]}
    run = controller.play(airs_tenant("tenant", config=config, **options), succeeds=False)
    assert "support-key" in run.failure
    assert "environment is 'prod'" in run.failure
    assert emulator.writes() == []
