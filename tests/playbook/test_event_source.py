# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source panw.airs.airs_expiry: one event for each change, whatever the service does, and no secrets."""

from __future__ import annotations

import asyncio
import json
import os
import re
import runpy
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import hostile
from support.emulator import ACCOUNT, Emulator, JsonObject
from support.playbook import secrets_in
from support.tasks import TOPIC
from support.tenant import Tenant
from support.whole_tenant import seed, seeded_key, seeded_profile, seeded_topic

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsError
from ansible_collections.panw.airs.plugins.module_utils._tenant.watch import WATCH_OPTIONS, Watch

COLLECTION = Path(os.environ["AIRS_COLLECTIONS_PATH"], "ansible_collections", "panw", "airs")
SOURCE = COLLECTION / "extensions" / "eda" / "plugins" / "event_source" / "airs_expiry.py"
RULEBOOK = COLLECTION / "extensions" / "eda" / "rulebooks" / "rotate_expiring_keys.yml"
UNAVAILABLE: JsonObject = {"kind": "status", "status": 503}

Arguments = dict[str, Any]


@pytest.fixture
def arguments(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Arguments:
    """The arguments of a source that uses the emulator, and looks as fast as it can."""
    for name in [name for name in os.environ if name.startswith("PANW_")]:
        monkeypatch.delenv(name)
    return {
        "client_id": ACCOUNT.client_id,
        "client_secret": ACCOUNT.client_secret,
        "base_url": emulator.base_url,
        "token_base_url": emulator.token_url,
        "num_retries": 0,
        "interval": 0.01,
        "jitter": 0.5,
    }


def in_days(days: float) -> str:
    """A moment, as the service writes it; an hour more, so that the whole days are these."""
    return f"{datetime.now(timezone.utc) + timedelta(days=days, hours=1):%Y-%m-%dT%H:%M:%SZ}"


def key(name: str, days: float, **members: Any) -> JsonObject:
    """A key that expires in so many days."""
    return seeded_key(name, name, expiration=in_days(days), **members)


def seen(events: list[JsonObject]) -> list[tuple[str, str, str]]:
    """Type, name (or what was looked at) and state of events."""
    found = [(event["type"], event.get("name") or event.get("what") or "", event["state"]) for event in events]
    assert secrets_in(json.dumps(events)) == []
    return sorted(found)


def lists(emulator: Emulator) -> int:
    """How often the keys were listed."""
    return sum(entry["path"].endswith("/apikeys") for entry in emulator.journal("management"))


# --- the source, as ansible-rulebook runs it -------------------------------------------------------------------------


def watched(emulator: Emulator, arguments: Arguments, *steps: Callable[[], Any]) -> list[JsonObject]:
    """Run the source's main() and these steps, each after two more looks; returns all events."""
    main = runpy.run_path(str(SOURCE))["main"]

    async def play() -> list[JsonObject]:
        queue: asyncio.Queue[JsonObject] = asyncio.Queue()
        source = asyncio.create_task(main(queue, arguments))
        try:
            for step in (*steps, lambda: None):
                enough = await asyncio.to_thread(lists, emulator) + 2
                deadline = time.monotonic() + 20
                while await asyncio.to_thread(lists, emulator) < enough:
                    assert not source.done(), source.exception()
                    assert time.monotonic() < deadline, "the source does not look any more"
                    await asyncio.sleep(0.01)
                await asyncio.to_thread(step)
        finally:
            source.cancel()
            with suppress(asyncio.CancelledError):
                await source
        return [queue.get_nowait() for _number in range(queue.qsize())]

    events = asyncio.run(play())
    assert [list(event) for event in events] == [["airs"]] * len(events)
    return [event["airs"] for event in events]


def test_a_key_gives_one_event_for_each_change_of_its_state(emulator: Emulator, arguments: Arguments) -> None:
    seed(emulator, api_keys=[key("soon", 3), key("later", 300), key("past", -2)])

    def renew() -> None:
        seed(emulator, api_keys=[key("soon", 200), key("later", 10)])

    events = watched(emulator, arguments, renew)
    assert seen(events[:2]) == [("api_key", "past", "expired"), ("api_key", "soon", "expiring")]
    assert seen(events[2:]) == [("api_key", "later", "expiring"), ("api_key", "soon", "valid")]
    (soon,) = [event for event in events if (event["name"], event["state"]) == ("soon", "expiring")]
    last8 = soon.pop("last8")
    assert len(last8) == 8
    assert soon == {
        "type": "api_key",
        "state": "expiring",
        "name": "soon",
        "customer_app": "soon",
        "deployment_profile": "dp-production",
        "expiration": soon["expiration"],
        "days_left": 3,
        "reason": "expiring",
        "tsg_id": ACCOUNT.tsg_id,
        "unsafe_name": False,
    }
    assert len(emulator.journal("token")) == 1
    assert emulator.writes() == []


def test_a_look_that_fails_is_one_event_and_the_source_goes_on(emulator: Emulator, arguments: Arguments) -> None:
    seed(emulator, api_keys=[key("soon", 3)])
    emulator.add_fault(UNAVAILABLE, path="*/apikeys", times=None)

    def mend() -> None:
        emulator.clear_faults()

    events = watched(emulator, arguments, mend, emulator.expire_tokens)
    assert seen(events) == [
        ("api_key", "soon", "expiring"),
        ("error", "api_keys", "failing"),
        ("error", "api_keys", "recovered"),
    ]
    assert events[0]["failure"]["status"] == 503


def test_the_loop_of_ansible_rulebook_does_not_wait_for_the_service(emulator: Emulator, arguments: Arguments) -> None:
    main = runpy.run_path(str(SOURCE))["main"]
    emulator.add_fault({"kind": "latency", "seconds": 2}, path="*/apikeys")

    async def longest_standstill() -> float:
        source = asyncio.create_task(main(asyncio.Queue(), arguments))
        longest, start = 0.0, time.monotonic()
        while lists(emulator) < 2:
            before = time.monotonic()
            assert before < start + 20
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)
        source.cancel()
        with suppress(asyncio.CancelledError):
            await source
        return longest

    assert asyncio.run(longest_standstill()) < 1.5


def test_arguments_that_cannot_be_right_end_the_source_at_once(emulator: Emulator, arguments: Arguments) -> None:
    main = runpy.run_path(str(SOURCE))["main"]
    for change, words in (
        ({"client_id": None}, "client_id is required"),
        ({"interval": 0}, "interval must be "),
        ({"interval": "inf"}, "interval must be "),
        ({"interval": "nan"}, "interval must be "),
        ({"timeout": 0}, "timeout must be "),
        ({"jitter": 1}, "jitter must be "),
        ({"expires_within": -1}, "expires_within must be "),
        ({"expires_in": 3}, "expires_in"),
        ({"base_url": "http://example.com"}, "base_url"),
    ):
        given = {name: value for name, value in {**arguments, **change}.items() if value is not None}
        with pytest.raises(AirsError) as caught:
            asyncio.run(main(asyncio.Queue(), given))
        assert words in str(caught.value), change
    assert emulator.journal() == []


def test_it_finds_its_collection_without_ansible_s_help(tmp_path: Path) -> None:
    """As in ansible-rulebook, which knows of no packages of collections; another C(ansible_collections) is there."""
    package = tmp_path / "ansible_collections"
    package.mkdir()
    (package / "__init__.py").touch()
    environment = {name: value for name, value in os.environ.items() if "ANSIBLE" not in name}
    for path in ("", str(tmp_path)):
        code = f"import runpy; runpy.run_path({str(SOURCE)!r})['main']; print('found')"
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path.parent,
            env={**environment, "PYTHONPATH": path},
        )
        assert done.stdout == "found\n", done.stderr


# --- what is watched -------------------------------------------------------------------------------------------------


def test_a_key_that_is_renewed_into_the_same_state_is_an_event(emulator: Emulator, arguments: Arguments) -> None:
    """A key that lives shorter than the warning: each of its successors has to be renewed too."""
    seed(emulator, api_keys=[key("short", 1)])
    watch = Watch(arguments)
    assert seen(watch.poll()) == [("api_key", "short", "expiring")]
    seed(emulator, api_keys=[key("short", 2)])
    assert seen(watch.poll()) == [("api_key", "short", "expiring")]
    assert watch.poll() == []


def test_a_revoked_key_counts_only_when_no_other_has_its_name(
    emulator: Emulator, arguments: Arguments, tenant: Tenant
) -> None:
    emulator.settings(keep_revoked_keys=True)
    seed(emulator, api_keys=[key("renewed", 300), key("revoked", 300, revoked=True)])
    identifier = tenant.keys("renewed")[0]["api_key_id"]
    body = {"rotation_time_interval": 90, "rotation_time_unit": "days"}
    tenant.call("POST", f"apikey/regenerate/{identifier}", json=body)
    assert len(tenant.keys("renewed")) == 2
    assert seen(Watch(arguments).poll()) == [("api_key", "revoked", "revoked")]


def test_a_profile_that_enforces_an_old_revision_of_a_topic_is_drift(emulator: Emulator, arguments: Arguments) -> None:
    seed(
        emulator,
        custom_topics=[seeded_topic("advice", topic_id="t-1")],
        ai_profiles=[seeded_profile("bot", ("t-1", "advice")), seeded_profile("calm")],
    )
    watch = Watch(arguments)
    assert watch.poll() == []
    seed(emulator, custom_topics=[seeded_topic("advice", topic_id="t-1", revision=2)])
    assert Watch({**arguments, "drift": False}).poll() == []
    (event,) = watch.poll()
    assert event == {
        "type": "drift",
        "state": "drifted",
        "reason": "stale_topics",
        "kind": "security_profile",
        "name": "bot",
        "topics": [{"name": "advice", "pinned": 1, "newest": 2}],
        "tsg_id": ACCOUNT.tsg_id,
        "unsafe_name": False,
    }
    assert watch.poll() == []
    seed(emulator, ai_profiles=[seeded_profile("bot")])
    assert seen(watch.poll()) == [("drift", "bot", "clean")]


def test_a_tenant_that_is_not_as_its_files_say_is_drift(
    emulator: Emulator, arguments: Arguments, tmp_path: Path
) -> None:
    config = tmp_path / "tenant.yml"
    config.write_text(yaml.safe_dump({"custom_topics": [{"name": "advice", **TOPIC}]}), encoding="utf-8")
    seed(emulator, custom_topics=[seeded_topic("advice", topic_id="t-1")])
    watch = Watch({**arguments, "config_path": str(config)})
    assert watch.poll() == []
    seed(emulator, custom_topics=[seeded_topic("advice", topic_id="t-1", description="Changed by hand")])
    (event,) = watch.poll()
    assert (event["reason"], event["kind"], event["name"]) == ("config", "custom_topic", "advice")
    assert (event["action"], event["fields"], event["state"]) == ("update", ["description"], "drifted")
    config.write_text("custom_topics: {", encoding="utf-8")
    assert seen(watch.poll()) == [("error", "config", "failing")]
    assert watch.poll() == []
    config.write_text(yaml.safe_dump({"custom_topics": [{"name": "advice"}]}), encoding="utf-8")
    assert seen(watch.poll()) == [("drift", "advice", "clean"), ("error", "config", "recovered")]
    assert len(emulator.journal("token")) == 1
    assert emulator.writes() == []


def test_pauses_are_the_interval_more_or_less_by_chance(emulator: Emulator, arguments: Arguments) -> None:
    watch = Watch({**arguments, "interval": 100, "jitter": 0.2})
    pauses = {watch.pause() for _number in range(50)}
    assert 80 <= min(pauses) < 95 < 105 < max(pauses) <= 120


def test_an_odd_answer_does_not_end_the_watch(
    emulator: Emulator, arguments: Arguments, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(arguments)
    monkeypatch.setattr(
        "ansible_collections.panw.airs.plugins.module_utils._kinds.api_key.days_left", lambda row: 1 / 0
    )
    seed(emulator, api_keys=[key("soon", 3)])
    (event,) = watch.poll()
    assert event["message"].startswith("Unexpected ZeroDivisionError in _kinds.api_key, line ")


@pytest.mark.parametrize("name", ["{{x}}", "{% x", "{# x", *hostile.SHOWN], ids=ascii)
def test_what_a_template_or_terminal_takes_for_something_else_is_marked(
    emulator: Emulator, arguments: Arguments, name: str
) -> None:
    seed(emulator, api_keys=[key("plain {x} $y", 3), key(name, 3), seeded_key("k", name, expiration=in_days(3))])
    marked = {event["name"]: event["unsafe_name"] for event in Watch(arguments).poll()}
    assert marked == {"plain {x} $y": False, name: True, "k": True}


# --- documentation, and the rulebook ---------------------------------------------------------------------------------


def test_the_documentation_has_every_option() -> None:
    documented = yaml.safe_load(runpy.run_path(str(SOURCE))["DOCUMENTATION"])["options"]
    assert {
        name: (option["type"], option.get("default"))
        for name, option in documented.items()
        if not name.endswith("base_url")
    } == {
        name: (option["type"], option.get("default"))
        for name, option in WATCH_OPTIONS.items()
        if not name.endswith("base_url")
    }


def _extra_variables(node: Any) -> Iterator[str]:
    """Everything that a rulebook passes as extra variables."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == "extra_vars":
            yield str(value)
        yield from _extra_variables(value)


def test_nothing_of_an_event_becomes_an_extra_variable() -> None:
    # Extra variables are templates, and names in events are the tenant's.
    guide = (COLLECTION / "docs/docsite/rst/guide_operations.rst").read_text(encoding="utf-8")
    blocks = re.findall(r"code-block:: yaml\n(?: +:.*\n)*\n((?: {3,}.*\n|\n)+)", guide)
    rulebooks = [RULEBOOK.read_text(encoding="utf-8"), *(block for block in blocks if "airs_expiry" in block)]
    assert len(rulebooks) > 1
    found = [text for rulebook in rulebooks for text in _extra_variables(yaml.safe_load(rulebook))]
    assert found != []
    assert [text for text in found if "event" in text] == []


def test_the_rulebook_uses_options_and_events_that_there_are() -> None:
    (ruleset,) = yaml.safe_load(RULEBOOK.read_text(encoding="utf-8"))
    (source,) = ruleset["sources"]
    assert set(source["panw.airs.airs_expiry"]) <= set(WATCH_OPTIONS)
    (rotate, _error) = ruleset["rules"]
    action = rotate["action"]["run_playbook"]
    assert (COLLECTION / "playbooks" / f"{action['name'].rpartition('.')[2]}.yml").exists()
    specs = yaml.safe_load((COLLECTION / "roles/rotate_api_keys/meta/argument_specs.yml").read_text(encoding="utf-8"))
    assert set(action["extra_vars"]) <= set(specs["argument_specs"]["main"]["options"])
