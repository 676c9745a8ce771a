# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans: show prompts and answers to the scan API and hold its verdicts against what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import _models
from ._argspec import SCAN_ENDPOINTS, SCAN_OPTIONS, ModuleSpec
from ._errors import AirsForbiddenError, AirsInputError, AirsUnauthorizedError
from ._http import Request, bearer, header, require_safe_url
from ._run import Task

#: The texts that a scan can be about, besides the context of an answer.
_TEXTS = ("prompt", "response", "code_prompt", "code_response")
#: Most characters of ids and profile names (official SDK).
_MAX_NAME = 100
#: Most bytes of one synchronous request (documented limit).
_MAX_BODY = 2 * 1024 * 1024
_METADATA = ("app_name", "app_user", "ai_model", "user_ip")

_WHAT = "scan"


def handle_scan(task: Task) -> dict[str, Any]:
    """Scan every content by one synchronous request and check what was expected.

    Raises:
        AirsInputError: the options cannot be right; nothing was sent.
        AirsExchangeError: the scan API refused or cannot be reached.
    """
    options = task.options
    endpoint, authorize = _endpoint(options), _authorizer(options)
    requests = [_scan_request(options, content) for content in options["contents"]]
    _refuse(options, requests)
    transport = task.transport()
    scans = []
    for content, body in zip(options["contents"], requests, strict=True):
        request = Request(
            what=f"{_WHAT} with {_profile_title(options)}",
            method="POST",
            url=f"{endpoint}/v1/scan/sync/request",
            url_option="api_endpoint",
            repeatable=True,  # a scan changes nothing
            authorize=authorize,
            json=body,
        )
        try:
            answer = transport.send(request)
        except AirsUnauthorizedError as error:
            raise error.with_hint("Give api_key or api_token.") from None
        except AirsForbiddenError as error:
            raise error.with_hint("The API key may be revoked, expired, or of another region.") from None
        faults = _models.answer_faults(_models.ScanResponse, answer)
        task.notes += [f"The scan API's answer is not as expected ({fault}); it is used as it is." for fault in faults]
        verdict = dict(answer) if isinstance(answer, Mapping) else {}
        expected = _given(content.get("expect") or {})
        scans.append({**verdict, "expected": expected, "unmet": _unmet(expected, verdict)})
    result: dict[str, Any] = {"changed": False, "scans": scans}
    unmet = [f"contents[{index}]: {sentence}" for index, scan in enumerate(scans) for sentence in scan["unmet"]]
    if unmet:
        result.update(
            failed=True, msg=f"The {_profile_title(options)} did not do what was expected: {'; '.join(unmet)}."
        )
    return result


def _endpoint(options: Mapping[str, Any]) -> str:
    if options["api_endpoint"] and not options["region"]:
        return require_safe_url("api_endpoint", options["api_endpoint"])
    return SCAN_ENDPOINTS[options["region"] or "us"]


def _authorizer(options: Mapping[str, Any]) -> Any:
    if options["api_key"]:
        return header("x-pan-token", options["api_key"])
    if options["api_token"]:
        return bearer(options["api_token"])
    raise AirsInputError(
        "api_key or api_token is missing: set one of the options, or PANW_AI_SEC_API_KEY or PANW_AI_SEC_API_TOKEN "
        "in the environment."
    )


def _profile_title(options: Mapping[str, Any]) -> str:
    return f"security profile '{options['profile_name'] or options['profile_id']}'"


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in options.items() if value is not None}


def _scan_request(options: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    metadata = _given({key: options[key] for key in _METADATA})
    texts = {key: content.get(key) for key in (*_TEXTS, "context")}
    return {
        "ai_profile": _given({"profile_name": options["profile_name"], "profile_id": options["profile_id"]}),
        "contents": [_given(texts)],
        **_given({"tr_id": options["tr_id"], "session_id": options["session_id"]}),
        **({"metadata": metadata} if metadata else {}),
    }


def _refuse(options: Mapping[str, Any], requests: list[dict[str, Any]]) -> None:
    faults = [
        f"{key} is {len(options[key])} characters long, at most {_MAX_NAME} are allowed"
        for key in ("profile_name", "tr_id", "session_id")
        if options[key] and len(options[key]) > _MAX_NAME
    ]
    for index, body in enumerate(requests):
        texts = body["contents"][0]
        if not any(texts.get(key) for key in _TEXTS):
            faults.append(f"contents[{index}] has none of {', '.join(_TEXTS)}")
        size = sum(len(text.encode()) for text in texts.values())
        if size > _MAX_BODY:
            faults.append(f"contents[{index}] is {size} bytes, at most {_MAX_BODY} are allowed")
        _models.check_request(_models.ScanRequest, body, f"{_WHAT} contents[{index}]")
    if not requests:
        faults.append("contents is empty")
    if faults:
        raise AirsInputError(f"Refused the scan: {'; '.join(faults)}. Nothing was sent.")


def _unmet(expected: Mapping[str, Any], verdict: Mapping[str, Any]) -> list[str]:
    """Return a sentence part for every expectation that a verdict does not meet."""
    fired = {
        name
        for side in ("prompt_detected", "response_detected")
        for name, found in (verdict.get(side) or {}).items()
        if found
    }
    told = f"detected: {', '.join(sorted(fired)) or 'nothing'}"
    unmet = [
        f"{key} is {verdict.get(key)}, expected {expected[key]} ({told})"
        for key in ("action", "category")
        if key in expected and verdict.get(key) != expected[key]
    ]
    unmet += [f"{name} was not detected ({told})" for name in expected.get("detected", []) if name not in fired]
    unmet += [f"{name} was detected" for name in expected.get("not_detected", []) if name in fired]
    return unmet


_EXPECT_OPTIONS: dict[str, dict[str, Any]] = {
    "action": {"type": "str", "choices": ["allow", "block"]},
    "category": {"type": "str", "choices": ["benign", "malicious"]},
    "detected": {"type": "list", "elements": "str"},
    "not_detected": {"type": "list", "elements": "str"},
}

SCAN_MODULE = ModuleSpec(
    name="airs_scan",
    options={
        **SCAN_OPTIONS,
        "profile_name": {"type": "str"},
        "profile_id": {"type": "str"},
        **{key: {"type": "str"} for key in _METADATA},
        "tr_id": {"type": "str"},
        "session_id": {"type": "str"},
        "contents": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {
                **{key: {"type": "str"} for key in (*_TEXTS, "context")},
                "expect": {"type": "dict", "options": _EXPECT_OPTIONS},
            },
        },
    },
    handler=handle_scan,
    constraints={
        "required_one_of": [("profile_name", "profile_id")],
        "mutually_exclusive": [("profile_name", "profile_id")],
    },
)
