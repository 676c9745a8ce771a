# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of scans, as argument_spec entries: a content, its expectations, and its sender."""

from __future__ import annotations

from .._engine.options import OptionSpecs

#: The texts that a scan can be about, besides the context of an answer.
TEXTS = ("prompt", "response", "code_prompt", "code_response")
ACTIONS = ("allow", "block")

#: Names that the user gives a scan, to find it in the service's logs.
IDS = ("tr_id", "transaction_id", "session_id")

#: What a verdict should be.
EXPECT_OPTIONS: OptionSpecs = {
    "action": {"type": "str", "choices": list(ACTIONS)},
    "category": {"type": "str", "choices": ["benign", "malicious"]},
    "detected": {"type": "list", "elements": "str"},
    "not_detected": {"type": "list", "elements": "str"},
}

_TOOL_EVENT_OPTIONS: OptionSpecs = {
    "metadata": {
        "type": "dict",
        "options": {
            **{key: {"type": "str", "required": True} for key in ("ecosystem", "method", "server_name")},
            "tool_invoked": {"type": "str"},
        },
    },
    # The service takes strings of raw JSON; users rather write data.
    "input": {"type": "json"},
    "output": {"type": "json"},
}

_TURN_OPTIONS: OptionSpecs = {key: {"type": "str"} for key in (*TEXTS, "context")}

#: One thing to scan; the entries of a corpus have the same.
CONTENT_OPTIONS: OptionSpecs = {
    "name": {"type": "str"},
    **_TURN_OPTIONS,
    "tool_event": {"type": "dict", "options": _TOOL_EVENT_OPTIONS},
    "history": {"type": "list", "elements": "dict", "options": _TURN_OPTIONS},
    **{key: {"type": "str"} for key in IDS},
    "expect": {"type": "dict", "options": EXPECT_OPTIONS},
}

#: Who sends the contents, for the service's logs: as the API names it.
METADATA = ("app_name", "app_user", "ai_model", "user_ip")
AGENT_METADATA = ("agent_id", "agent_version", "agent_arn")

#: What holds for all contents of a task.
COMMON_OPTIONS: OptionSpecs = {
    "profile_name": {"type": "str"},
    "profile_id": {"type": "str"},
    **{key: {"type": "str"} for key in METADATA},
    "agent_meta": {"type": "dict", "options": {key: {"type": "str"} for key in AGENT_METADATA}},
    **{key: {"type": "str"} for key in IDS},
}
