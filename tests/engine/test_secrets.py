# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets must not be: files of async jobs, paths, results, devices."""

from __future__ import annotations

import pytest
from support.emulator import Emulator, JsonObject
from support.playbook import Controller
from support.tasks import API_KEY, task

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
