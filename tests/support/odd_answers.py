# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service whose answers are odd: modules run in this process, and one request of them gets what nobody expects.

There is no socket: what would go out of C(requests) is answered at once, through all that reads an answer. A scenario
is a module with its options; the service answers all of it as a live one would, but for one place in one answer.
"""

from __future__ import annotations

import copy
import functools
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import requests
import urllib3

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsUnexpectedError
from ansible_collections.panw.airs.plugins.module_utils._engine.run import run
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime
from ansible_collections.panw.airs.plugins.module_utils._scan import scan as scan_module
from ansible_collections.panw.airs.plugins.module_utils._scan.polling import Patience
from ansible_collections.panw.airs.plugins.module_utils._service.transport import MAX_WAIT, Transport
from ansible_collections.panw.airs.plugins.module_utils._tenant.watch import Watch

from .catalogue import MODULES

Json = dict[str, Any]

TSG = "1000000001"
#: A secret that the service makes: last8 of the key below are its end.
SECRET = "made-by-the-service-0123456789abcdef"  # of no service

# --- what a tenant holds, in the shapes that live ones were seen to have ---------------------------------------------


def _pin(name: str, revision: int = 1) -> Json:
    return {"topic_name": name, "topic_id": f"t-{name}", "revision": revision, "severity": "medium"}


_PROTECTIONS: Json = {
    "agent-protection": [{"name": "agent-security", "action": "block", "severity": "medium"}],
    "app-protection": {
        "alert-url-category": {"member": ["grayware"]},
        "allow-url-category": {},
        "block-url-category": {"member": ["phishing", "adult"]},
        "default-url-category": {"member": ["malicious"]},
        "malicious-code-protection": {"name": "malicious-code", "action": "block", "severity": "high"},
        "url-detected-action": "block",
        "url-detected-severity": "low",
    },
    "data-protection": {
        "data-leak-detection": {
            "action": "block",
            "mask-data-inline": True,
            "member": [{"text": "PII", "id": "11", "version": "1"}, {"text": "sensitive content", "id": ""}],
        },
        "database-security": [
            {"name": f"database-security-{verb}", "action": "block", "severity": "low"}
            for verb in ("create", "read", "update", "delete")
        ],
        "source-code-detection": {"action": "block", "severity": "high"},
    },
    "model-protection": [
        {"name": "prompt-injection", "action": "block", "severity": "medium"},
        {
            "name": "toxic-content",
            "action": "high:block, moderate:allow",
            "severity-by-confidence": {"high": "medium", "moderate": "low"},
            "toxic-category-list": [
                {"category": "hate", "action": "high:block, moderate:block", "severity-by-confidence": {"high": "low"}}
            ],
        },
        {"name": "contextual-grounding", "action": "block"},
        {
            "name": "topic-guardrails",
            "action": "allow",
            "options": [],
            "topic-list": [
                {"action": "block", "topic": [_pin("advice"), _pin("prices")]},
                {"action": "allow", "topic": []},
            ],
        },
    ],
}
_SHARED: Json = {
    "latency": {"inline-timeout-action": "block", "max-inline-latency": 5},
    "mask-data-in-storage": True,
    "enable-full-conversation-inspection": True,
}
_DLP: Json = {
    "name": "PII",
    "uuid": "",
    "id": "11",
    "version": "1",
    "description": "",
    "file-based": "",
    "log-severity": "low",
    "non-file-based": "",
    "rule1": {"action": "alert"},
    "rule2": {"action": ""},
}
_DIRECTIONAL: Json = {
    "content-type-mode": "per_content_type",
    "content-type-configurations": dict.fromkeys(("prompt", "response", "tool-call", "tool-response"), _PROTECTIONS),
    "model-configuration": _SHARED,
    "model-type": "default",
}


def _row(**fields: Any) -> Json:
    return {**fields, "csp_id": "100001", "tsg_id": TSG, "last_modified_ts": "2026-05-04T10:11:12Z"}


def _profile(name: str, revision: int, profile: Json) -> Json:
    policy = {"ai-security-profiles": [profile], "dlp-data-profiles": [_DLP]}
    identity = f"p-{name}-{revision}"
    return _row(profile_name=name, profile_id=identity, revision=revision, active=True, created_by="a", policy=policy)


_CLASSIC: Json = {"model-type": "default", "model-configuration": {**_SHARED, **_PROTECTIONS}}
PROFILES = [_profile("bot", 2, _CLASSIC), _profile("bot", 1, _CLASSIC), _profile("shop", 1, _DIRECTIONAL)]
TOPICS = [
    _row(topic_id=f"t-{name}", topic_name=name, revision=revision, description="Texts", examples=["One", "Two"])
    for name, revision in (("advice", 2), ("prices", 1), ("unused", 1))
]
KEYS = [
    _row(
        api_key_id=f"k-{name}",
        api_key_name=name,
        api_key_last8=SECRET[-8:],
        auth_code="D0000001",
        dp_name="dp",
        expiration=expiration,
        revoked=False,
        cust_app=f"{name}-app",
        cust_env="prod",
        cust_cloud_provider="aws",
        cust_ai_agent_framework="",
        rotation_time_interval=90,
        rotation_time_unit="days",
        customer_appId=f"a-{name}",
        creation_ts="2026-05-04T10:11:12Z",
        status="active",
    )
    for name, expiration in (("bot", "2999-01-01T00:00:00Z"), ("shop", "2026-01-01T00:00:00Z"))
]
APPS = [
    _row(
        customer_appId=f"a-{name}",
        app_name=f"{name}-app",
        cloud_provider="aws",
        environment="prod",
        model_name="default",
        ai_agent_framework="",
        api_keys_dp_info=[{"api_key_name": name, "dp_name": "dp", "auth_code": "D0000001"}],
        **more,
    )
    for name, more in (("bot", {"ai_sec_profile_name": "bot"}), ("shop", {}))
]
DEPLOYMENTS = [
    {
        "dp_name": name,
        "auth_code": code,
        "status": status,
        "tsg_id": TSG,
        "expiration_date": "2029-09-29 23:59:59 +0000 UTC",
        "ave_text_records": 5,
    }
    for name, code, status in (("dp", "D0000001", "activated"), ("free", "D0000002", "init"))
]
LOGS = [{"scan_id": f"s-{number}", "report_id": "R", "verdict": "benign", "action": "allow"} for number in range(3)]
#: Where lists are, under which key, and what is in them.
LISTS: dict[str, tuple[str, list[Json]]] = {
    "topics": ("custom_topics", TOPICS),
    "profiles": ("ai_profiles", PROFILES),
    "apikeys": ("api_keys", KEYS),
    "customerapps": ("customer_apps", APPS),
    "deploymentprofiles": ("deployment_profiles", DEPLOYMENTS),
    "dlpprofiles": ("dlp_profiles", [_DLP, {**_DLP, "name": "Other", "id": ""}]),
}

SCAN_IDS = [f"46ea2f2b-0000-42e1-9972-bbc44462{number:04}" for number in range(2)]
_DETECTIONS = {"injection": False, "dlp": False, "url_cats": True, "toxic_content": False}
VERDICT: Json = {
    "action": "block",
    "category": "malicious",
    "completed_at": "2026-05-04T10:11:12Z",
    "error": False,
    "errors": [{"content_type": "prompt", "feature": "dlp", "status": "timeout"}],
    "profile_id": "p-bot-2",
    "profile_name": "bot",
    "prompt_detected": _DETECTIONS,
    "prompt_detection_details": {"topic_guardrails_details": {"allowed_topics": ["advice"]}},
    "prompt_masked_data": {"data": "x", "pattern_detections": [{"pattern": "Tax Id", "locations": [[0, 1]]}]},
    "report_id": f"R{SCAN_IDS[0]}",
    "response_detected": {"dlp": False},
    "scan_id": SCAN_IDS[0],
    "timeout": False,
    "tool_detected": {
        "verdict": "benign",
        "metadata": {"ecosystem": "mcp", "method": "tools/call", "server_name": "s", "tool_invoked": "t"},
        "summary": {"detections": {"injection": False}, "threats": []},
        "input_detected": {"detections": {}},
    },
    "tr_id": "1",
}
REPORT: Json = {
    "report_id": f"R{SCAN_IDS[0]}",
    "scan_id": SCAN_IDS[0],
    "req_id": 1,
    "transaction_id": "1",
    "detection_results": [
        {
            "data_type": "prompt",
            "detection_service": "dlp",
            "verdict": "benign",
            "action": "allow",
            "metadata": {"ecosystem": "mcp"},
            "result_detail": {"dlp_report": {"dlp_report_id": "1"}},
        }
    ],
}


def usual(method: str, url: str, body: Any) -> Any:
    """Return what a live service answers."""
    address = urlsplit(url)
    query, path = parse_qs(address.query), address.path
    last = path.rpartition("/mgmt/")[2]
    if path.endswith("/token"):
        return {"access_token": "eyJ.token", "token_type": "Bearer", "expires_in": 899, "scope": f"tsg_id:{TSG}"}
    if "/v1/scan/" in path:
        return _usual_scan(path, body)
    if method == "GET":
        key, rows = LISTS[last]
        latest = last == "profiles" and query.get("latest") == ["true"]
        shown = [row for row in rows if row is not PROFILES[1]] if latest else rows
        return {key: shown, **({"status": "success"} if last == "deploymentprofiles" else {"next_offset": 0})}
    if last == "scanlogs":
        dashboard = {"text_records_count": 3, "threats_count": 0, "scan_result_entries": LOGS}
        return {"scan_result_for_dashboard": dashboard, "total_pages": 1, "page_number": 1, "page_token": "x"}
    if method == "DELETE":
        return "deleted"
    if last == "oauth/client_credential/accesstoken":
        return {"access_token": SECRET, "expires_in": "86400", "issued_at": "1", "client_id": "c", "status": "approved"}
    if last.startswith("apikey"):
        return {**KEYS[0], **body, "api_key": SECRET, "api_key_id": "k-new"}
    identity = {"topic": "topic_id", "profile": "profile_id", "customerapp": "customer_appId"}[last.partition("/")[0]]
    return {**body, identity: "new", "revision": 3, "tsg_id": TSG}


def _usual_scan(path: str, body: Any) -> Any:
    if path.endswith("/results"):
        rows = [{"req_id": number, "scan_id": SCAN_IDS[0], "status": "complete"} for number in (1, 2)]
        return [{**row, "result": VERDICT} for row in rows] + [{**rows[0], "scan_id": SCAN_IDS[1], "result": VERDICT}]
    if path.endswith("/reports"):
        return [REPORT, {**REPORT, "req_id": 2}]
    if "async" in path:
        return {"received": "2026-05-04T10:11:12.123456789Z", "scan_id": SCAN_IDS[0], "report_id": f"R{SCAN_IDS[0]}"}
    return VERDICT


# --- the wire --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wrong:
    """What comes instead of an answer: a status, a body, and headers."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


#: Makes something else of the usual answer to a request.
Spoil = Callable[[Any], Wrong]


#: Method and URL of a request.
Called = tuple[str, str]


@dataclass
class Service:
    """The service. C(spoil) says what becomes of each answer to one request; without it all are as usual."""

    odd: Called | None = None
    spoil: Spoil | None = None
    asked: list[Called] = field(default_factory=list)
    #: Requests that came after the first spoiled answer.
    later: list[Called] = field(default_factory=list)
    spoiled: int = 0

    def answer(self, request: Any) -> Any:
        """Return the answer to a prepared request."""
        called = (request.method, request.url)
        self.asked.append(called)
        if self.spoiled:
            self.later.append(called)
        is_json = (request.headers.get("Content-Type") or "").startswith("application/json")
        said = usual(*called, json.loads(request.body) if is_json and request.body else {})
        wrong = Wrong(json.dumps(said).encode())
        if called == self.odd and self.spoil:
            self.spoiled += 1
            wrong = self.spoil(copy.deepcopy(said))
        headers = {"Content-Type": "application/json", **wrong.headers}
        raw = urllib3.HTTPResponse(io.BytesIO(wrong.body), headers, wrong.status, preload_content=False, reason="Odd")
        return requests.adapters.HTTPAdapter().build_response(request, raw)


def _sleep(seconds: float) -> None:
    """Stand in for time.sleep: take what it takes, and no longer than anybody would wait."""
    assert 0 <= seconds <= max(MAX_WAIT, 600)


def _impatience(options: Mapping[str, Any]) -> Patience:
    clock = iter(range(1000))
    return Patience(options["wait"], options["poll_interval"], 3, sleep=_sleep, now=lambda: float(next(clock)))


@contextmanager
def served_by(service: Service) -> Iterator[None]:
    """Let a service answer all requests of this process, and nobody wait."""
    with ExitStack() as inside:
        adapter = requests.adapters.HTTPAdapter
        inside.enter_context(
            mock.patch.object(adapter, "send", lambda _self, request, **_options: service.answer(request))
        )
        inside.enter_context(mock.patch.dict(Transport.__init__.__kwdefaults__, sleep=_sleep))
        inside.enter_context(mock.patch.object(scan_module, "_patience", _impatience))
        inside.enter_context(mock.patch.object(AirsUnexpectedError, "__init__", _raise))
        yield


class Unhandled(Exception):
    """What came out of the collection that is none of its errors; its cause is what that was."""


def _raise(_self: AirsUnexpectedError, error: BaseException, _title: str = "") -> None:
    """Stand in for what makes a message of an exception that nobody foresaw.

    Raises:
        Unhandled: always, also where one exception is to cost no other object.
    """
    raise Unhandled from (error.__cause__ if isinstance(error, Unhandled) else error)


# --- what is run -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Scenario:
    """A module with its options."""

    module: str
    options: Json = field(default_factory=dict)
    check: bool = False

    def __str__(self) -> str:
        """Say which it is."""
        return f"{self.module} {json.dumps(self.options)[:60]}{' (check)' * self.check}"

    @property
    def is_purge(self) -> bool:
        """Whether it deletes what a configuration does not name."""
        return "purge" in self.options

    def play(self, service: Service, folder: str) -> Json:
        """Run it against a service; it may write into a folder."""
        if self.module == "watch":
            with served_by(service):
                return {"events": Watch({**_MANAGEMENT, **_in(folder, self.options)}).poll()}
        spec = MODULES[self.module]
        given = {**(_SCANNING if self.module == "airs_scan" else _MANAGEMENT), **_in(folder, self.options)}
        options, _secrets = spec.validated(given)
        runtime = Runtime(recovery_folder=folder, hides_secrets=True)
        with served_by(service):
            return run(spec, options, check_mode=self.check, diff_mode=True, runtime=runtime)


@functools.cache
def usual_requests(scenario: Scenario) -> list[Called]:
    """Return the requests that a scenario sends when all is as usual."""
    service = Service()
    with tempfile.TemporaryDirectory() as folder:
        result = scenario.play(service, folder)
    assert not result.get("failed"), result["msg"]
    return sorted(set(service.asked))


def _in(folder: str, options: Json) -> Json:
    """Return options of their own, with the folder in its place."""
    made: Json = json.loads(json.dumps(options).replace("FOLDER", folder))
    return made


_MANAGEMENT: Json = {
    "client_id": "me",
    "client_secret": "s3cret",
    "base_url": "http://127.0.0.1:1/aisec",
    "token_base_url": "http://127.0.0.1:1/token",
    "num_retries": 1,
}
_SCANNING: Json = {"api_key": "key", "api_endpoint": "http://127.0.0.1:1", "profile_name": "bot", "num_retries": 1}
_TOPIC: Json = {"description": "Texts", "examples": ["One", "Two"]}
_KEY: Json = {
    "deployment_profile": "dp",
    "environment": "prod",
    "cloud_provider": "aws",
    "rotation_time_interval": 90,
    "rotation_time_unit": "days",
}
_CONFIG: Json = {
    "custom_topics": [{"name": "advice", **_TOPIC}, {"name": "new", **_TOPIC}],
    "security_profiles": [
        {"name": "bot", "prompt_injection": "block", "topics": {"block": ["advice", "new"]}},
        {"name": "shop", "directions": {"prompt": {"prompt_injection": "alert"}}},
        {"name": "another", "data_leak": {"profiles": ["PII"]}, "urls": {"default": "block"}},
    ],
    "api_keys": [
        {"name": "bot", "customer_app": "bot-app", **_KEY},
        {"name": "new", "customer_app": "new-app", **_KEY},
    ],
    "customer_apps": [{"name": "bot-app", "model_name": "other"}],
}
_OVERRIDDEN: Json = {
    "config": _CONFIG,
    "state": "overridden",
    "tsg_id": TSG,
    "purge": ["custom_topics", "security_profiles", "api_keys", "customer_apps"],
    "secret_dir": "FOLDER",
    "concurrency": 1,
}
_BOT: Json = {"name": "bot", "customer_app": "bot-app"}

#: The last 8 characters of the secret of a key are in its row, so a stored one is known to be right.
MANAGEMENT = [
    *(Scenario(name) for name in MODULES if name.endswith("_info") and name != "airs_tenant_drift_info"),
    Scenario("airs_security_profile_info", {"latest": False}),
    Scenario("airs_api_key_info", {"expires_within": 30}),
    Scenario("airs_tenant_drift_info", {"config": _CONFIG, "application_profiles": {"shop-app": "shop"}}),
    Scenario("airs_tenant_export", {"path": "FOLDER"}, check=True),
    Scenario("airs_tenant", {"config": _CONFIG, "secret_dir": "FOLDER", "concurrency": 1}),
    Scenario("airs_tenant", {"config": _CONFIG, "secret_dir": "FOLDER", "concurrency": 1}, check=True),
    Scenario("airs_tenant", _OVERRIDDEN),
    Scenario("airs_tenant", {**_OVERRIDDEN, "force": True, "config": {plural: [] for plural in _CONFIG}}),
    Scenario("airs_custom_topic", {"name": "new", **_TOPIC}),
    Scenario("airs_custom_topic", {"name": "advice", **_TOPIC, "description": "Other"}),
    Scenario("airs_custom_topic", {"name": "advice", "state": "absent"}),
    Scenario("airs_custom_topic", {"name": "advice", "state": "absent", "force": True}),
    Scenario("airs_security_profile", {"name": "bot", "prompt_injection": "block", "topics": {"block": ["advice"]}}),
    Scenario("airs_security_profile", {**_CONFIG["security_profiles"][1], "prune_revisions": 1}),
    Scenario("airs_security_profile", _CONFIG["security_profiles"][2]),
    Scenario("airs_security_profile", {"name": "bot", "prompt_injection": "alert", "prune_revisions": 1}, check=True),
    Scenario("airs_security_profile", {"name": "bot", "state": "absent"}),
    Scenario("airs_api_key", {"name": "new", "customer_app": "new-app", **_KEY, "secret_path": "FOLDER/new"}),
    Scenario("airs_api_key", {"name": "bot", "regenerate": "always", "secret_path": "FOLDER/bot"}),
    Scenario("airs_api_key", {"name": "shop", "regenerate": "expiring", **_KEY}),
    Scenario("airs_api_key", {"name": "bot", "state": "absent"}),
    Scenario("airs_customer_app", {"name": "bot-app", "model_name": "other"}),
    Scenario("airs_customer_app", {"name": "bot-app", "state": "absent"}),
    Scenario("airs_oauth_token", {"oauth_client_id": "c", "customer_app": "bot-app"}),
    Scenario("airs_application", {**_BOT, "topics": [{"name": "new", **_TOPIC}], "secret_path": "FOLDER/a"}),
    Scenario(
        "airs_application",
        {
            "name": "new",
            "environment": "prod",
            "cloud_provider": "aws",
            "deployment_profile": "any",
            "secret_path": "FOLDER/b",
        },
    ),
    Scenario("airs_application", {**_BOT, "state": "absent"}),
    Scenario("watch"),
]
_EXPECT: Json = {"expect": {"action": "block", "detected": ["url_cats"], "not_detected": ["injection"]}}
_CONTENTS: Json = {"contents": [{"prompt": "p", **_EXPECT}, {"response": "r", "expect": {"not_detected": ["dlp"]}}]}
SCAN = [
    Scenario("airs_scan", _CONTENTS),
    Scenario("airs_scan", {**_CONTENTS, "min_accuracy": 0.5, "report_path": "FOLDER/scans.xml"}),
    Scenario("airs_scan", {**_CONTENTS, "mode": "async", "report_path": "FOLDER/scans.json", "report_contents": True}),
    Scenario("airs_scan", {"contents": [{"prompt": "p"}], "mode": "async", "wait": False}),
    Scenario("airs_scan", {"scan_ids": SCAN_IDS}),
    Scenario("airs_scan", {"scan_ids": SCAN_IDS, "report_ids": [f"R{SCAN_IDS[0]}", f"R{SCAN_IDS[1]}"]}),
]
