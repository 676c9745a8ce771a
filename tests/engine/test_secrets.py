# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets must not be: files of async jobs, paths, results, devices."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.emulator import Emulator, JsonObject
from support.playbook import Controller
from support.tasks import API_KEY, TOPIC, api_key, task

from ansible_collections.panw.airs.plugins import action as actions
from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._engine.module import validate
from ansible_collections.panw.airs.plugins.module_utils._engine.options import SECRET_VARIABLES

PACKAGE = actions.__name__
ACTIONS = Path(next(iter(actions.__path__)))

APPLICATION: JsonObject = {"name": "bot", "environment": "prod", "cloud_provider": "aws", "deployment_profile": "any"}

#: Tasks whose result would have a secret: module, options, and what the sentence says to do.
RETURNING: list[tuple[str, JsonObject, str]] = [
    ("airs_api_key", {"name": "bot", **API_KEY}, "set secret_path, or run this task without async"),
    ("airs_oauth_token", {"oauth_client_id": "id", "customer_app": "bot"}, "set secret_path, or run this task without"),
    (
        "airs_tenant",
        {"config": {"api_keys": [{"name": "bot", **API_KEY}]}, "return_secrets": True},
        "set secret_dir, or run this task without",
    ),
    (
        "airs_tenant",
        {"config_path": "tenant", "return_secrets": True},
        "set secret_dir, or run this task without async",
    ),
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
            assert (
                "would return a secret, which would be stored in the result file of the async job" in run[name]["msg"]
            )
            assert advice in run[name]["msg"]
    assert emulator.journal() == []


# --- two secrets in one file -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [False, True], ids=["for real", "check mode"])
@pytest.mark.parametrize("there", [[], ["first"]], ids=["all new", "one is there"])
def test_a_loop_puts_no_two_secrets_into_one_file(
    controller: Controller, emulator: Emulator, tmp_path: Path, check: bool, there: list[str]
) -> None:
    (tmp_path / "link").symlink_to("secret")

    def keys(*names: str, **keywords: Any) -> JsonObject:
        path = f"{tmp_path}/{{{{ 'secret' if item == 'first' else 'link' }}}}"
        options = {"name": "{{ item }}", **API_KEY, "customer_app": "{{ item }}", "secret_path": path}
        return api_key(f"keys {len(names)}", options, loop=names, **keywords)

    controller.play(*[keys(name) for name in there])
    emulator.clear_journal()
    run = controller.play(keys("first", "second", ignore_errors=True), check=check)
    first, second = run["keys 2"]["results"]
    assert second["msg"] == (
        f"Cannot create API key 'second': its secret would be stored in {tmp_path}/link, like that of API key 'first'. "
        "Nothing was changed."
    )
    assert not first.get("failed")
    assert len(emulator.writes()) == (not check and not there)


# --- variables of the environment in paths ---------------------------------------------------------------------------

#: Options that are paths, by module; all others take ca_path.
PATHS = {
    "airs_api_key": ("secret_path", "ca_path"),
    "airs_api_key_rotation": ("vault_password_file", "ca_path"),
    "airs_application": ("secret_path", "vault_password_file", "ca_path"),
    "airs_doctor": ("report_path", "ca_path"),
    "airs_oauth_token": ("secret_path", "ca_path"),
    "airs_scan": ("corpus", "report_path", "ca_path"),
    "airs_secret_file": ("journal_directory", "vault_password_file"),
    "airs_tenant": ("config_path", "baseline_path", "plan_path", "secret_dir", "ca_path"),
    "airs_tenant_drift_info": ("config_path", "baseline_path", "ca_path"),
    "airs_tenant_export": ("path", "ca_path"),
    "airs_tenant_lint": ("config_path", "baseline_path", "secret_dir", "report_path"),
}


@pytest.mark.parametrize("action", sorted(ACTIONS.glob("airs_*.py")), ids=lambda path: path.stem)
def test_a_path_that_names_a_secret_of_the_environment_is_refused(
    monkeypatch: pytest.MonkeyPatch, action: Path
) -> None:
    """It would be in results and in names of files: an API key can have such a name, and a path can be made of it."""
    spec = importlib.import_module(f"{PACKAGE}.{action.stem}").ActionModule.spec
    paths = tuple(name for name, entry in spec.options.items() if entry["type"] == "path")
    assert set(paths) == set(PATHS.get(action.stem, ("ca_path",)))
    secret = "s3cret-of-the-account"
    for variable in (*sorted(SECRET_VARIABLES), "COPY_OF_IT"):
        monkeypatch.setenv(variable, secret)
    for name in paths:
        for path, variable in (
            ("$PANW_CLIENT_SECRET", "PANW_CLIENT_SECRET"),
            ("~/${PANW_MGMT_CLIENT_SECRET}.key", "PANW_MGMT_CLIENT_SECRET"),
            ("/run/$PANW_ACCESS_TOKEN/key", "PANW_ACCESS_TOKEN"),
            ("a$PANW_AI_SEC_API_KEY", "PANW_AI_SEC_API_KEY"),
            ("${PANW_AI_SEC_API_TOKEN}", "PANW_AI_SEC_API_TOKEN"),
            *([("/srv/$COPY_OF_IT", "COPY_OF_IT")] if any(e.get("no_log") for e in spec.options.values()) else []),
        ):
            with pytest.raises(AirsInputError) as caught:
                spec.validated({name: path})
            sentence = (
                f"{name} refers to the environment variable {variable}, which contains a secret, and paths are "
                "not hidden"
            )
            assert sentence in caught.value.message
            assert secret not in caught.value.message
        assert "refers to the environment variable" not in str(
            validate(spec.options, {name: "$HOME/~/$UNKNOWN/PANW_CLIENT_SECRET"})
        )


def test_a_path_in_a_configuration_that_names_a_secret_is_refused(
    controller: Controller, emulator: Emulator, tmp_path: Path
) -> None:
    for config in ({"secret_path": "$PANW_CLIENT_SECRET"}, {"secret_path": f"{tmp_path}/${{PANW_CLIENT_SECRET}}"}):
        keys = {"api_keys": [{"name": "bot", **API_KEY, **config}]}
        (tmp_path / "tenant.json").write_text(json.dumps(keys), encoding="utf-8")
        for given in ({"config": keys}, {"config_path": f"{tmp_path}/tenant.json"}):
            run = controller.play(task("tenant", "airs_tenant", {**given, "secret_dir": str(tmp_path)}), succeeds=False)
            assert (
                "api_keys[0].secret_path: refers to the environment variable PANW_CLIENT_SECRET, which contains a"
                in run.failure
            )
    assert emulator.writes() == []


@pytest.mark.parametrize("path", ["a\0b.json", "half\ud83d.json"])
def test_a_path_that_can_be_none_is_refused_by_name(path: str) -> None:
    spec = importlib.import_module(f"{PACKAGE}.airs_scan").ActionModule.spec
    for name in PATHS["airs_scan"]:
        with pytest.raises(AirsInputError, match=f"{name} contains a character that is not allowed in paths"):
            spec.validated({name: path, "contents": [{"prompt": "p"}]})
    assert "no path" not in str(validate(spec.options, {"report_path": "gr\u00fc\udcff \U0001f600.json"}))


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
    if what != "a directory":
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
        assert f"is {what}" in message or "would be overwritten" in message or "is not a regular file" in message, (
            message
        )
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
