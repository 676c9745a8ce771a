# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of airs_application that need no service."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.panw.airs.plugins.filter.names import names as filtered
from ansible_collections.panw.airs.plugins.module_utils._engine.options import names_in
from ansible_collections.panw.airs.plugins.module_utils._policy.document import desired_policy
from ansible_collections.panw.airs.plugins.module_utils._policy.posture import protections_on
from ansible_collections.panw.airs.plugins.module_utils._policy.protection import Names


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (None, []),
        ("", []),
        ("one, two words\r\nthree\n,one", ["one", "two words", "three"]),
        (7, ["7"]),
        (["a,b", 7, " ", "a,b"], ["a,b", "7"]),
    ],
)
def test_names_come_as_a_list_or_as_text_from_a_form(given: Any, names: list[str]) -> None:
    assert names_in(given) == filtered(given) == names


def policy(options: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """The policy of a new profile with these options, and with these parts of its configuration replaced."""
    made = copy.deepcopy(desired_policy(None, options, Names(topics={}, dlp_profiles={})))
    made["ai-security-profiles"][0]["model-configuration"].update(parts)
    return made


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({}, []),
        ({"policy": {}}, []),
        ({"policy": policy({"latency": {"max_seconds": 3}})}, []),
        ({"policy": policy({"prompt_injection": "block"})}, ["prompt_injection block"]),
        (
            {"policy": policy({"urls": {"default": "block"}, "agent_security": "alert"})},
            ["agent_security alert", "urls block (malicious)"],
        ),
        (
            {"policy": policy({}, **{"model-protection": [{"name": "prompt-injection", "action": "quarantine"}]})},
            ["prompt_injection quarantine (unknown)"],
        ),
        (
            {"policy": policy({}, **{"model-protection": [{"name": "moon", "action": "block"}]})},
            ["model-protection (unknown)"],
        ),
        (
            {"policy": policy({}, **{"model-protection": [{"name": "moon", "action": "allow", "severity": "low"}]})},
            [],
        ),
        ({"policy": policy({}, **{"moon-protection": {"moon": "block"}})}, ["moon-protection (unknown)"]),
    ],
)
def test_what_is_on_is_told_and_what_cannot_be_read_is_not_off(given: dict[str, Any], shown: list[str]) -> None:
    assert protections_on(given.get("policy") or {}) == shown
