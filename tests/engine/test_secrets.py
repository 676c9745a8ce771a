# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets must not be: files of async jobs, paths, results, devices."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.emulator import Emulator, JsonObject
from support.playbook import Controller
from support.tasks import API_KEY, TOPIC, api_key, task

APPLICATION: JsonObject = {"name": "bot", "environment": "prod", "cloud_provider": "aws"}

#: Tasks whose result would have a secret: module, options, and what the sentence says to do.
RETURNING: list[tuple[str, JsonObject, str]] = [
    ("airs_api_key", {"name": "bot", **API_KEY}, "set secret_path, or run this task without async"),
    ("airs_oauth_token", {"oauth_client_id": "id", "customer_app": "bot"}, "set secret_path, or run this task without"),
    ("airs_tenant", {"config": {"api_keys": [{"name": "bot", **API_KEY}]}}, "set secret_dir, or run this task without"),
    ("airs_tenant", {"config_path": "tenant"}, "set secret_dir, or run this task without async"),
    ("airs_api_key_info", {"reveal_auth_code": True}, ": run this task without async"),
    ("airs_customer_app_info", {"reveal_auth_code": True}, ": run this task without async"),
    ("airs_deployment_profile_info", {"reveal_auth_code": True}, ": run this task without async"),
    ("airs_secret_file", {"step": "read", "keys": {}, "path": "x", "reveal_secret": True}, ": run this task without"),
]


@pytest.mark.parametrize("keywords", [{}, {"no_log": True}, {"poll": 0}], ids=str)
def test_an_async_job_that_would_return_a_secret_is_refused(
    controller: Controller, emulator: Emulator, keywords: JsonObject
) -> None:
    """Ansible keeps its result in a file that others may read, whatever no_log says."""
    names = [f"{number} {module}" for number, (module, _options, _advice) in enumerate(RETURNING)]
    run = controller.play(
        *[
            task(name, module, options, **{"async": 60, "register": "job", "ignore_errors": True, **keywords})
            for name, (module, options, _advice) in zip(names, RETURNING, strict=True)
        ]
    )
    for name, (_module, _options, advice) in zip(names, RETURNING, strict=True):
        assert run.kinds(name) == ["ignored"]
        if "no_log" not in keywords:
            assert "would return a secret, which would stay in the file of the async job" in run[name]["msg"]
            assert advice in run[name]["msg"]
    assert emulator.journal() == []


# --- what is no file -------------------------------------------------------------------------------------------------


def test_what_is_no_file_gets_no_secret_and_is_read_by_nobody(
    controller: Controller, emulator: Emulator, tmp_path: Path, odd: Callable[[Path], str]
) -> None:
    """A named pipe would be waited for, and a device replaced, by whoever just opens or writes what has the name."""
    for folder in ("secrets", "export/custom_topics"):
        (tmp_path / folder).mkdir(parents=True)
    what = odd(tmp_path / "secrets" / "bot.key")
    odd(tmp_path / "export" / "custom_topics" / "advice.yml")
    odd(tmp_path / "corpus.csv")
    path = str(tmp_path / "secrets" / "bot.key")
    emulator.reset()
    controller.play(
        api_key("there", {"name": "there", **API_KEY, "customer_app": "there", "secret_path": str(tmp_path / "there")}),
        task("topic", "airs_custom_topic", {"name": "advice", **TOPIC}),
    )
    emulator.clear_journal()
    steps = {
        "new key": ("airs_api_key", {"name": "bot", **API_KEY, "secret_path": path}),
        "key that is there": ("airs_api_key", {"name": "there", "secret_path": path}),
        "renewed key": ("airs_api_key", {"name": "there", "secret_path": path, "regenerate": "always"}),
        "token": ("airs_oauth_token", {"oauth_client_id": "id", "customer_app": "there", "secret_path": path}),
        "tenant": (
            "airs_tenant",
            {"config": {"api_keys": [{"name": "bot", **API_KEY}]}, "secret_dir": f"{tmp_path}/secrets"},
        ),
        "own path": ("airs_tenant", {"config": {"api_keys": [{"name": "bot", **API_KEY, "secret_path": path}]}}),
        "application": ("airs_application", {**APPLICATION, "secret_path": path}),
        "no application": ("airs_application", {"name": "there", "state": "absent", "secret_path": path}),
        "export": ("airs_tenant_export", {"path": f"{tmp_path}/export"}),
        "corpus": ("airs_scan", {"corpus": f"{tmp_path}/corpus.csv", "api_key": "key", "profile_name": "bot"}),
    }
    if what != "a folder":
        steps["authorities"] = ("airs_custom_topic_info", {"ca_path": path})
        steps["configuration"] = ("airs_tenant", {"config_path": path})
    modes = (False, True)
    tasks = [
        task(f"{name} {mode}", module, options, check_mode=mode, ignore_errors=True)
        for name, (module, options) in steps.items()
        for mode in modes
    ]
    run = controller.play(*tasks)
    for step in tasks:
        assert run.kinds(step["name"]) == ["ignored"], step["name"]
        message = run[step["name"]]["msg"]
        assert f"is {what}" in message or "would be overwritten" in message or "is no regular file" in message, message
        assert "Nothing was " in message or "nothing was " in message
    assert emulator.writes() == []
    assert not Path(path).is_file()
    assert not (tmp_path / "export" / "custom_topics" / "advice.yml").is_file()


def test_an_export_removes_what_one_that_was_killed_has_left(controller: Controller, tmp_path: Path) -> None:
    export = task("export", "airs_tenant_export", {"path": str(tmp_path / "export")})
    topic = task("topic", "airs_custom_topic", {"name": "advice", **TOPIC})
    controller.play(topic, export)
    left, theirs = (tmp_path / "export" / "custom_topics" / f".airs-{digit * 16}" for digit in "01")
    for path in (left, theirs):
        path.write_text("half of a topic", encoding="utf-8")
        os.utime(path, (0, 0))
    theirs.chmod(0o755)
    controller.play(topic | {"panw.airs.airs_custom_topic": {"name": "advice", "description": "other"}}, export)
    assert (left.exists(), theirs.exists()) == (False, True)
