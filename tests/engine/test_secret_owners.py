# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that holds anything but a former secret of the key is never overwritten, through whichever module."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.emulator import ACCOUNT, OTHER_ACCOUNT, Emulator, JsonObject
from support.playbook import Controller, visible
from support.tasks import API_KEY, api_key, task
from support.tenant import Tenant
from support.whole_tenant import airs_tenant

SETTINGS = "AIRS_MODE=block\n"
TOKEN: JsonObject = {"oauth_client_id": "id", "customer_app": "first"}


def options(name: str, **more: object) -> JsonObject:
    """Options of a key with an application of its name."""
    return {"name": name, **API_KEY, "customer_app": name, **more}


@pytest.mark.parametrize("check", [True, False], ids=["check mode", "for real"])
def test_a_text_is_never_overwritten(controller: Controller, emulator: Emulator, tmp_path: Path, check: bool) -> None:
    path = tmp_path / "bot.key"
    controller.play(api_key("there", options("there", secret_path=str(tmp_path / "there"))))
    path.write_text(SETTINGS, encoding="utf-8")
    emulator.clear_journal()
    own, place = {"secret_path": str(path)}, {"secret_dir": str(tmp_path)}
    steps = {
        "new key": ("airs_api_key", options("bot", **own)),
        "renewed key": ("airs_api_key", {"name": "there", "regenerate": "expiring", **own}),
        "asked for": ("airs_api_key", {"name": "there", "regenerate": "always", **own}),
        "token": ("airs_oauth_token", {**TOKEN, **own}),
        "tenant": ("airs_tenant", {"config": {"api_keys": [options("bot")]}, **place}),
        "own path": ("airs_tenant", {"config": {"api_keys": [options("bot", **own)]}}),
        "application": ("airs_application", {"name": "bot", "environment": "prod", "cloud_provider": "aws", **own}),
        "file": ("airs_secret_file", {"step": "prove", "path": str(tmp_path / "{name}.key"), "keys": {"bot": ""}}),
    }
    tasks = [task(name, module, given, ignore_errors=True) for name, (module, given) in steps.items()]
    run = controller.play(*tasks, check=check)
    for name in steps:
        assert run.kinds(name) == ["ignored"], name
        message = run[name]["msg"]
        assert any(f"{path} {what}" in message for what in ("contains something other", "already has content")), name
        assert "othing was changed" in run[name]["msg"]
    assert emulator.writes() == []
    assert path.read_text(encoding="utf-8") == SETTINGS
    assert [path.name for path in tmp_path.rglob("*airs-*")] == [".there.airs-note"]


def test_the_secret_of_another_key_is_never_overwritten(controller: Controller, tenant: Tenant, tmp_path: Path) -> None:
    """Tasks one after the other know nothing of each other; the file does."""
    path = tmp_path / "key"
    run = controller.play(
        api_key("first", options("first", secret_path=str(path))),
        api_key("second", options("second", secret_path=str(path)), ignore_errors=True),
        task("token", "airs_oauth_token", {**TOKEN, "secret_path": str(path)}, ignore_errors=True),
        task("a token", "airs_oauth_token", {**TOKEN, "secret_path": str(tmp_path / "token")}),
        task("again", "airs_oauth_token", {**TOKEN, "secret_path": str(tmp_path / "token")}),
        api_key("for b", options("b", secret_path=str(tmp_path / "b"))),
        task(
            "other",
            "airs_oauth_token",
            {**TOKEN, "customer_app": "b", "secret_path": f"{tmp_path}/token"},
            ignore_errors=True,
        ),
    )
    for name in ("second", "token"):
        assert f"{path} contains the secret of API key 'first' of tenant {ACCOUNT.tsg_id}. Use" in run[name]["msg"]
    assert (
        f"{tmp_path}/token contains the secret of OAuth token of client 'id' for application 'first'"
        in run["other"]["msg"]
    )
    assert tenant.keys("second") == []
    assert tenant.accepts(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("there", [False, True], ids=["new keys", "keys that are there"])
def test_two_tenants_in_one_folder_keep_their_secrets(
    controller: Controller, emulator: Emulator, tenant: Tenant, tmp_path: Path, there: bool
) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()

    def applied(name: str, secret_dir: str, *, succeeds: bool = True, **more: object) -> JsonObject:
        config = {"api_keys": [options("bot", regenerate="expiring")]}
        step = airs_tenant(name, config=config, secret_dir=secret_dir, **more)
        return controller.play(step, succeeds=succeeds)[name]

    applied("first", str(folder))
    secret = (folder / "bot.key").read_text(encoding="utf-8")
    controller.use(emulator, OTHER_ACCOUNT)
    profile = {"dp_name": "dp-production", "auth_code": "D1000001", "status": "activated"}
    emulator.seed({"tenants": {OTHER_ACCOUNT.tsg_id: {"deployment_profiles": [profile]}}})
    if there:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        applied("made", str(elsewhere))
    emulator.clear_journal()
    refused = applied("second", str(folder), succeeds=False)
    assert f"bot.key contains the secret of API key 'bot' of tenant {ACCOUNT.tsg_id}. Use a different" in refused["msg"]
    assert emulator.writes() == []
    assert (folder / "bot.key").read_text(encoding="utf-8") == secret
    assert tenant.accepts(secret)

    template = f"{folder}/{{tsg_id}}/{{name}}"
    (folder / OTHER_ACCOUNT.tsg_id / "bot").mkdir(parents=True)
    nameless = applied("no tenant", template, succeeds=False)
    assert f"secret_dir '{template}' requires tsg_id. Nothing was changed." in nameless["msg"]
    done = applied("named", template, tsg_id=OTHER_ACCOUNT.tsg_id)
    if not there:
        (row,) = done["objects"]
        assert row["secret_path"] == f"{folder}/{OTHER_ACCOUNT.tsg_id}/bot/bot.key"
        assert Path(row["secret_path"]).is_file()


def test_a_folder_with_names_in_it_must_be_there(controller: Controller, emulator: Emulator, tmp_path: Path) -> None:
    step = airs_tenant("tenant", config={"api_keys": [options("a/b")]}, secret_dir=f"{tmp_path}/{{name}}")
    missing = f"cannot be written: the directory {tmp_path}/a%2Fb does not exist"
    # An earlier task may make it.
    assert missing in str(controller.play(step, check=True)["tenant"]["warnings"])
    assert missing in controller.play(step, succeeds=False).failure
    assert emulator.writes() == []


@pytest.mark.parametrize("ending", ["bot.key.airs-journal", ".bot.key.airs-note"])
def test_what_is_beside_a_secret_is_no_place_for_another(
    controller: Controller, emulator: Emulator, tmp_path: Path, ending: str
) -> None:
    first, second = f"{tmp_path}/bot.key", f"{tmp_path}/{ending}"
    keys = [options("first", secret_path=first), options("second", secret_path=second)]
    for config in (keys, keys[::-1]):
        run = controller.play(airs_tenant("tenant", config={"api_keys": config}), succeeds=False)
        assert "its secret would be stored in " in run.failure
    assert emulator.journal() == []
    loop = api_key(
        "loop", options("{{ item.name }}", secret_path="{{ item.secret_path }}"), loop=keys, ignore_errors=True
    )
    made, refused = controller.play(loop)["loop"]["results"]
    assert not made.get("failed")
    assert f"its secret would be stored in {second}, like that of API key 'first'" in refused["msg"]


def test_a_former_secret_is_replaced_wherever_it_was_renewed(
    controller: Controller, tenant: Tenant, tmp_path: Path
) -> None:
    """The service tells nothing of it any more; the note does."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    config = {"api_keys": [options("bot", regenerate="expiring")]}
    run = controller.play(
        airs_tenant("made", config=config, secret_dir=str(folder)),
        api_key("elsewhere", {"name": "bot", "regenerate": "always", "secret_path": str(tmp_path / "theirs")}),
        airs_tenant("healed", config=config, secret_dir=str(folder)),
        api_key("gone", {"name": "bot", "state": "absent"}),
        airs_tenant("made anew", config=config, secret_dir=str(folder)),
    )
    assert [run[name]["changed"] for name in ("healed", "made anew")] == [True, True]
    assert tenant.accepts((folder / "bot.key").read_text(encoding="utf-8"))


def test_secrets_in_journals_are_settled_each_for_itself(controller: Controller, tmp_path: Path) -> None:
    """What cannot be stored does not stop the others, and what is of somebody else stays."""
    folder, secret = tmp_path / "secrets", "x" * 56 + "12345678"
    folder.mkdir()
    journals = {"stored": secret, "begun": "", "foreign": "y" * 64, "refused": secret}
    for name, text in journals.items():
        (folder / f"{name}.key.airs-journal").write_text(text, encoding="utf-8")
    (folder / "refused.key").write_text(SETTINGS, encoding="utf-8")
    owners = {name: {"tsg_id": ACCOUNT.tsg_id, "last8s": ["12345678"]} for name in journals}
    given = {"step": "settle", "path": f"{folder}/{{name}}.key", "keys": dict.fromkeys(journals, ""), "owners": owners}
    predicted = task("predicted", "airs_secret_file", given, check_mode=True, ignore_errors=True)
    run = controller.play(predicted, task("it", "airs_secret_file", given, ignore_errors=True))
    assert visible(folder) == [
        "foreign.key.airs-journal",
        "refused.key",
        "refused.key.airs-journal",
        "stored.key",
    ]
    assert (folder / "stored.key").read_text(encoding="utf-8") == secret
    assert (folder / "refused.key").read_text(encoding="utf-8") == SETTINGS
    assert run["it"]["msg"].startswith(f"{folder}/refused.key contains something other")
    assert [run[name]["changed"] for name in ("predicted", "it")] == [True, True]
    states = {name: state["interrupted"] for name, state in run["it"]["secret_files"].items()}
    assert states == {"stored": False, "begun": False, "foreign": True, "refused": True}
