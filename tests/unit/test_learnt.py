# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service has told that is secret is shown nowhere, also where the service quotes it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from support.scripted_server import Answer, ScriptedServer, scripted_server

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsError
from ansible_collections.panw.airs.plugins.module_utils._engine.masking import PART, WHOLE
from ansible_collections.panw.airs.plugins.module_utils._engine.module import CENSORED, ModuleSpec
from ansible_collections.panw.airs.plugins.module_utils._engine.run import access_token, run
from ansible_collections.panw.airs.plugins.module_utils._engine.session import Snapshot
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime
from ansible_collections.panw.airs.plugins.module_utils._kinds.api_key import API_KEY_INFO_MODULE, API_KEY_MODULE
from ansible_collections.panw.airs.plugins.module_utils._kinds.custom_topic import (
    CUSTOM_TOPIC_INFO_MODULE,
    CUSTOM_TOPIC_MODULE,
)
from ansible_collections.panw.airs.plugins.module_utils._kinds.customer_app import (
    CUSTOMER_APP_INFO_MODULE,
    CUSTOMER_APP_MODULE,
)
from ansible_collections.panw.airs.plugins.module_utils._kinds.deployment_profile import DEPLOYMENT_PROFILE_INFO_MODULE
from ansible_collections.panw.airs.plugins.module_utils._kinds.dlp_profile import DLP_PROFILE_INFO_MODULE
from ansible_collections.panw.airs.plugins.module_utils._kinds.oauth_token import OAUTH_TOKEN_MODULE
from ansible_collections.panw.airs.plugins.module_utils._kinds.registry import DEPLOYMENT_PROFILE
from ansible_collections.panw.airs.plugins.module_utils._kinds.security_profile import (
    SECURITY_PROFILE_INFO_MODULE,
    SECURITY_PROFILE_MODULE,
)
from ansible_collections.panw.airs.plugins.module_utils._scan.log import SCAN_LOG_INFO_MODULE
from ansible_collections.panw.airs.plugins.module_utils._service.learnt import secrets_in
from ansible_collections.panw.airs.plugins.module_utils._tenant.application import APPLICATION_MODULE
from ansible_collections.panw.airs.plugins.module_utils._tenant.drift import TENANT_DRIFT_INFO_MODULE
from ansible_collections.panw.airs.plugins.module_utils._tenant.export import TENANT_EXPORT_MODULE
from ansible_collections.panw.airs.plugins.module_utils._tenant.info import TENANT_INFO_MODULE
from ansible_collections.panw.airs.plugins.module_utils._tenant.tenant import TENANT_MODULE
from ansible_collections.panw.airs.plugins.module_utils._tenant.watch import Watch
from ansible_collections.panw.airs.plugins.plugin_utils._applications import applications
from ansible_collections.panw.airs.plugins.plugin_utils._connection import Reader

TOKEN, CODE, SECRET, ACCOUNT = "eyJ0b2tlbg-of-the-run", "D7654321", "new-secret-of-the-key", "s3cret-of-the-account"
EVERYTHING = (TOKEN, CODE, SECRET, ACCOUNT)
QUOTE = f"you have {TOKEN}, {CODE}, {SECRET} and {ACCOUNT}"
TOLD = Answer(200, {"access_token": TOKEN, "expires_in": 900})
KEY = {
    "name": "bot",
    "auth_code": "D0000000",
    "customer_app": "bot",
    "environment": "prod",
    "cloud_provider": "aws",
    "rotation_time_interval": 90,
    "rotation_time_unit": "days",
}
PROFILES = [{"dp_name": f"dp {CODE}", "auth_code": CODE, "status": QUOTE}]
#: An answer to any list, whose rows quote what they hold: the fields and texts of all kinds at once.
LISTS = {
    "custom_topics": [
        {"topic_id": "1", "topic_name": f"topic {CODE}", "revision": 1, "description": QUOTE, "examples": [QUOTE]}
    ],
    "ai_profiles": [
        {"profile_id": "1", "profile_name": f"bot {CODE}", "revision": 1, "policy": {}, "created_by": QUOTE}
    ],
    "api_keys": [
        {
            "api_key_id": "1",
            "api_key_name": f"key {CODE}",
            "api_key_last8": "12345678",
            "auth_code": CODE,
            "api_key": SECRET,
            "expiration": "2020-01-01T00:00:00Z",
            "revoked": False,
            "cust_app": QUOTE,
        }
    ],
    "customer_apps": [
        {
            "customer_appId": "1",
            "app_name": f"app {CODE}",
            "environment": QUOTE,
            "api_keys_dp_info": [{"api_key_name": f"key {CODE}", "dp_name": QUOTE, "auth_code": CODE}],
        }
    ],
    "deployment_profiles": PROFILES,
    "dlp_profiles": [{"id": "1", "name": f"PII {CODE}", "api_key": SECRET, "text": QUOTE}],
    "tokens": {"auth_code": CODE, "api_key": SECRET},
}
SPECS: list[tuple[ModuleSpec, dict[str, Any]]] = [
    (CUSTOM_TOPIC_INFO_MODULE, {}),
    (SECURITY_PROFILE_INFO_MODULE, {}),
    (API_KEY_INFO_MODULE, {}),
    (CUSTOMER_APP_INFO_MODULE, {}),
    (DEPLOYMENT_PROFILE_INFO_MODULE, {}),
    (DLP_PROFILE_INFO_MODULE, {}),
    (SCAN_LOG_INFO_MODULE, {}),
    (CUSTOM_TOPIC_MODULE, {"name": "advice", "description": "x"}),
    (SECURITY_PROFILE_MODULE, {"name": "bot", "data_leak": {"profiles": ["pii"], "action": "block"}}),
    (API_KEY_MODULE, {**KEY, "secret_path": "/nowhere/key"}),
    (CUSTOMER_APP_MODULE, {"name": "appD"}),
    (OAUTH_TOKEN_MODULE, {"oauth_client_id": "id", "customer_app": "bot", "secret_path": "/tmp/key"}),
    (APPLICATION_MODULE, {"name": "bot", "secret_path": "/tmp/key", "deployment_profile": "dpD"}),
    (APPLICATION_MODULE, {"name": "bot", "state": "absent"}),
    (TENANT_MODULE, {"config": {"custom_topics": [{"name": "a", "description": "b"}]}}),
    (TENANT_INFO_MODULE, {}),
    (TENANT_DRIFT_INFO_MODULE, {"config": {"custom_topics": [{"name": f"topic {CODE}", "description": "b"}]}}),
    (TENANT_EXPORT_MODULE, {"path": "/tmp/none"}),
]


def played(
    spec: ModuleSpec,
    options: dict[str, Any],
    *answers: Answer,
    runtime: Runtime | None = None,
    check_mode: bool = False,
) -> dict[str, Any]:
    """Run a module against a service that gives these answers, the first one for the token."""
    with scripted_server(TOLD, *answers) as server:
        checked, _secrets = spec.validated({**connection(server), **options})
        where = runtime or Runtime(hides_secrets=True)
        return run(spec, checked, check_mode=check_mode, diff_mode=True, runtime=where)


def connection(server: ScriptedServer) -> dict[str, Any]:
    """Options that reach a server."""
    return {
        "base_url": server.url,
        "token_base_url": f"{server.url}/token",
        "client_id": "me",
        "client_secret": ACCOUNT,
        "num_retries": 0,
    }


def told(value: Any) -> list[str]:
    """The secrets that a result shows."""
    return [secret for secret in EVERYTHING if secret in str(value)]


@pytest.mark.parametrize(
    ("spec", "options"), SPECS, ids=[f"{n} {spec.name}" for n, (spec, _options) in enumerate(SPECS)]
)
@pytest.mark.parametrize("status", [200, 400, 404, 409])
def test_what_the_service_quotes_is_masked_in_every_result(
    spec: ModuleSpec, options: dict[str, Any], status: int
) -> None:
    refusal = {"error_message": QUOTE, "error": QUOTE, "message": QUOTE, "payload": LISTS}
    result = played(spec, options, Answer(status, LISTS if status == 200 else refusal), check_mode=status == 200)
    assert status == 200 or result["failed"]
    assert told(result) == []
    if status == 400:
        assert PART in result["msg"]
        assert PART in result["failure"]["message"]
    assert result["invocation"]["module_args"]["client_id"] == "me"


def test_only_the_auth_codes_that_were_asked_for_are_shown() -> None:
    result = played(DEPLOYMENT_PROFILE_INFO_MODULE, {"reveal_auth_code": True}, Answer(200, LISTS))
    assert result[CENSORED]
    (row,) = result["deployment_profiles"]
    assert (row["auth_code"], row["dp_name"]) == (CODE, f"dp {PART}")
    assert told(row["status"]) == []
    (row,) = played(DEPLOYMENT_PROFILE_INFO_MODULE, {}, Answer(200, LISTS))["deployment_profiles"]
    assert (row["auth_code"], row["dp_name"]) == (PART, f"dp {PART}")


def test_auth_codes_are_not_shown_in_check_mode_either_where_nothing_hides_them() -> None:
    options = {"reveal_auth_code": True}
    bare = Runtime()
    result = played(DEPLOYMENT_PROFILE_INFO_MODULE, options, Answer(200, LISTS), runtime=bare, check_mode=True)
    assert "would return a secret, which Ansible would print: set no_log: true on this task." in result["msg"]
    # A module that makes secrets makes none in check mode.
    result = played(API_KEY_MODULE, KEY, Answer(200, {"api_keys": []}), runtime=bare, check_mode=True)
    assert result["changed"]


def made_key(**more: Any) -> Answer:
    """The answer to the creation of a key, which quotes its secret."""
    row = {**LISTS["api_keys"][0], "api_key_name": "bot", "created_by": QUOTE, **more}  # type: ignore[index]  # a row of the made-up lists
    return Answer(200, row)


@pytest.mark.parametrize("stored", [False, True])
def test_a_new_key_is_only_where_it_was_asked_for(tmp_path: Path, stored: bool) -> None:
    where = {"secret_path": str(tmp_path / "key")} if stored else {}
    result = played(API_KEY_MODULE, {**KEY, **where}, Answer(200, {"api_keys": []}), made_key())
    assert result["changed"]
    assert result.pop("api_key_secret", None) == (None if stored else SECRET)
    assert told(result) == []
    assert not stored or (tmp_path / "key").read_text(encoding="utf-8") == SECRET


def test_a_new_token_of_an_application_is_only_where_it_was_asked_for() -> None:
    minted = Answer(
        200, {"access_token": SECRET, "client_id": QUOTE, "expires_in": "1", "issued_at": "0", "extra": QUOTE}
    )
    options = {"oauth_client_id": "id", "customer_app": "bot"}
    result = played(OAUTH_TOKEN_MODULE, options, Answer(200, {"auth_code": CODE}), minted)
    assert result["failed"]
    assert told(result) == []
    result = played(OAUTH_TOKEN_MODULE, options, minted)
    assert result.pop("oauth_token_secret") == SECRET
    assert told(result) == [CODE]  # which no answer has told


def test_a_tenant_that_fails_half_way_shows_no_key_in_the_error_of_another() -> None:
    keys = [{**KEY, "name": name} for name in ("a", "b")]
    lists = Answer(200, {"api_keys": [], "customer_apps": []})
    result = played(
        TENANT_MODULE,
        {"config": {"api_keys": keys}, "concurrency": 1, "return_secrets": True},
        lists,
        made_key(api_key_name="a"),
        Answer(400, {"error_message": QUOTE}),
    )
    assert result["failed"]
    assert result.pop("api_key_secrets") == {"a": SECRET}
    assert PART in str(result["objects"])
    assert told(result) == []


def test_a_token_that_is_refused_is_not_shown() -> None:
    wrong = Answer(200, {"access_token": TOKEN, "scope": f"tsg_id:{TOKEN}"})
    with scripted_server(wrong) as server:
        options = {**connection(server), "tsg_id": "1"}
        checked, _secrets = CUSTOM_TOPIC_INFO_MODULE.validated(options)
        result = run(CUSTOM_TOPIC_INFO_MODULE, checked, check_mode=False, diff_mode=False, runtime=Runtime())
        assert told(result["msg"]) == []
        # Before a module goes to another machine.
        runtime = Runtime()
        with pytest.raises(AirsError):
            access_token(checked, runtime)
        assert TOKEN in runtime.learnt


def test_an_export_writes_no_secret(tmp_path: Path) -> None:
    result = played(TENANT_EXPORT_MODULE, {"path": str(tmp_path / "tenant")}, Answer(200, LISTS))
    assert result["msg"].startswith(f"The text of custom topic 'topic {PART}', security profile")
    assert list(tmp_path.iterdir()) == []


def test_a_config_with_secrets_says_that_they_are_masked() -> None:
    (warning,) = [text for text in played(TENANT_INFO_MODULE, {}, Answer(200, LISTS))["warnings"] if "masked" in text]
    assert warning.startswith(f"The text of custom topic 'topic {PART}', ")


def test_events_and_their_log_have_no_secret(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in (Answer(200, LISTS), Answer(400, {"error_message": QUOTE, "payload": LISTS})):
        with scripted_server(TOLD, answer) as server:
            watch = Watch(connection(server))
            events = watch.poll()
            assert events
            assert told(events) == []

            def odd(*_arguments: Any) -> Any:
                raise ValueError(QUOTE)

            with monkeypatch.context() as patched, caplog.at_level(logging.WARNING):
                patched.setattr(Watch, "_look_at", lambda *_arguments: odd)
                assert told(watch.poll()) == []
    assert "Unexpected ValueError in " in caplog.text
    assert "you have" not in caplog.text.rpartition("Traceback")[2]
    assert told(caplog.text) == []


@pytest.mark.parametrize("status", [200, 400])
def test_what_plugins_read_has_no_secret(status: int) -> None:
    shown: list[str] = []
    answer = LISTS if status == 200 else {"error_message": QUOTE, "payload": LISTS}
    with scripted_server(TOLD, Answer(status, answer)) as server:
        options, _secrets = DLP_PROFILE_INFO_MODULE.validated(connection(server))
        reader = Reader(options, shown.append, ValueError)
        if status == 400:
            with pytest.raises(ValueError, match="Could not list") as caught:
                reader.read(applications)
            shown.append(str(caught.value))
        else:
            found = reader.without_secrets(reader.read(applications))
            assert found[0]["app_name"] == f"app {PART}"
            shown.append(str(found))
        reader.read(lambda session: session.notes.append(QUOTE))
    assert told(shown) == []


def test_deployment_profiles_of_one_name_are_told_apart_without_their_auth_codes() -> None:
    rows = [{"dp_name": "dp", "auth_code": code, "status": status} for code, status in ((CODE, "init"), ("D1", None))]
    with pytest.raises(AirsError) as caught:
        Snapshot(DEPLOYMENT_PROFILE, rows).find("dp")
    assert caught.value.message == (
        "Multiple objects match deployment profile 'dp': status init, status unknown. Delete or rename all but "
        "one of them. Nothing was changed."
    )


def test_secrets_are_found_by_their_fields_however_deep_they_are() -> None:
    deep: Any = {"auth_code": ["in a list", {"x": "in a list of it"}]}
    for _level in range(5000):
        deep = [{"next": deep}]
    assert sorted(secrets_in(deep)) == ["in a list", "in a list of it"]
    shown = {"api_key": "********", "auth_code": "short", "token": "no such field", "id": 1234567, "access_token": None}
    assert list(secrets_in(shown)) == []


def test_a_token_that_was_renewed_is_forgotten() -> None:
    topics: dict[str, Any] = {"custom_topics": []}
    with scripted_server(
        TOLD, Answer(401, {}), Answer(200, {"access_token": "another-token"}), Answer(200, topics)
    ) as server:
        runtime = Runtime()
        checked, _secrets = CUSTOM_TOPIC_INFO_MODULE.validated(connection(server))
        run(CUSTOM_TOPIC_INFO_MODULE, checked, check_mode=False, diff_mode=False, runtime=runtime)
    assert runtime.learnt == {"another-token"}


def test_a_whole_value_is_masked_as_ansible_does() -> None:
    topic = {**LISTS["custom_topics"][0], "topic_id": TOKEN}  # type: ignore[index]  # a row of the made-up lists
    result = played(CUSTOM_TOPIC_INFO_MODULE, {}, Answer(200, {**LISTS, "custom_topics": [topic]}))
    assert result["custom_topics"][0]["topic_id"] == WHOLE
