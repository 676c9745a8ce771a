# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller of these tests tells what ansible-playbook tells, and finds what a run must not show."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from support.emulator import Emulator, JsonObject
from support.playbook import Controller, Event
from support.tasks import API_KEY, TOPIC, api_key, custom_topic, task

from ansible_collections.panw.airs.plugins.plugin_utils import _action

TASKS: list[JsonObject] = [
    custom_topic("new", {"name": "advice", **TOPIC}, register="new"),
    custom_topic("right", {"name": "{{ new.custom_topic.topic_name }}"}),
    custom_topic("loop", {"name": "{{ item }}", "description": "d"}, loop=["advice", "prices"]),
    custom_topic("in check mode", {"name": "advice", "description": "c"}, check_mode=True),
    custom_topic("not wanted", {"name": "advice"}, when="new is not changed"),
    custom_topic("no option", {"colour": "red"}, ignore_errors=True),
    custom_topic("bad value", {"name": ""}, ignore_errors=True),
    custom_topic("bad item", {"name": "{{ item }}"}, loop=["advice", ""], ignore_errors=True),
    custom_topic("hidden", {"name": "secret", **TOPIC}, no_log=True),
    custom_topic("elsewhere", {"name": "advice"}, environment={"PANW_BASE_URL": "http://nowhere"}, ignore_errors=True),
    api_key("key", {"name": "bot", **API_KEY}, register="key"),
    task("info", "airs_api_key_info", {"name": "bot"}),
    custom_topic("with defaults", {"name": "defaulted"}),
    custom_topic("last", {"name": "none", "colour": "red"}),
    custom_topic("never", {"name": "never", **TOPIC}),
]
NOTHING = custom_topic("nothing", {"name": "advice"})
DEFAULTS = {"module_defaults": {"panw.airs.airs_custom_topic": {"description": "default"}}}


def comparable(events: list[Event]) -> list[tuple[Any, ...]]:
    """Events without what differs from run to run."""
    differs = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|\d{4}-\d\d-\d\dT[\d:]+Z|'api_key_last8': '\S+'"
    return [
        (event.kind, event.host, event.task, event.action, re.sub(differs, "", str(sorted(event.result.items()))))
        for event in events
    ]


def test_it_tells_what_ansible_playbook_tells(controller: Controller, emulator: Emulator, tmp_path: Path) -> None:
    real = Controller(tmp_path / "real")
    real.use(emulator)
    told = []
    for one in (real, controller):
        emulator.reset()
        told.append(one.play(*TASKS, keywords=DEFAULTS, diff=True, succeeds=False))
    assert comparable(told[1].events) == comparable(told[0].events)
    assert [run.exit_code for run in told] == [2, 2]
    assert {event.task for event in told[1].events} == {step["name"] for step in TASKS} - {"never"}


def test_a_result_that_shows_a_secret_fails_the_test(controller: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    for shown in ("D0000001", "Ab1" + "x" * 61):  # an auth code, and what looks like a key
        monkeypatch.setattr(_action, "run", lambda *_args, shown=shown, **_options: {"msg": shown})
        with pytest.raises(AssertionError, match="the run shows secrets"):
            controller.play(custom_topic("topic", {"name": "advice"}))


def test_a_result_that_is_not_documented_fails_the_test(
    controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_action, "run", lambda *_args, **_options: {"colour": "red"})
    with pytest.raises(AssertionError, match="returned colour, which is not documented"):
        controller.play(custom_topic("topic", {"name": "advice"}))


@pytest.mark.parametrize(
    ("plays", "options"),
    [
        ([{"hosts": "localhost", "tasks": []}], {"inventory": {"all": {}}}),
        ([{"hosts": "localhost", "tasks": [{"block": [NOTHING], "rescue": [NOTHING]}]}], {}),
    ],
    ids=["inventory", "rescue"],
)
def test_what_it_cannot_do_is_refused(controller: Controller, plays: list[JsonObject], options: JsonObject) -> None:
    with pytest.raises(ValueError, match="put the test into tests/playbook"):
        controller.run(plays, **options)
