# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Places of secrets: names of files, journals, and what a run that dies leaves."""

from __future__ import annotations

import dataclasses
import itertools
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader

from ansible_collections.panw.airs.plugins.module_utils._common import files, secret_file, secret_place
from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError, AirsSecretStoreError
from ansible_collections.panw.airs.plugins.module_utils._common.secret_note import Owner
from ansible_collections.panw.airs.plugins.module_utils._common.secret_place import FilePlace, Place, filled
from ansible_collections.panw.airs.plugins.module_utils._engine.run import run
from ansible_collections.panw.airs.plugins.module_utils._engine.secret_file import SECRET_FILE_MODULE
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime
from ansible_collections.panw.airs.plugins.plugin_utils._vault import VaultCipher

OLD, NEW = "old-secret-12345678", "new-secret-87654321"
OWNER = Owner("API key 'bot'", "1", (OLD[-8:],))
PASSWORD = "a password that nobody may see"
#: No rotation of one key asks the file system for more than this.
CALLS = 50
FILE_CALLS = ("open", "fdopen", "replace", "unlink", "fsync", "fchmod")


def module(step: str, folder: Path, *, check_mode: bool = False, vault: Any = None, **options: Any) -> dict[str, Any]:
    """Run the module inside the controller, where results can be hidden, for the keys of the options."""
    given = {"path": f"{folder}/{{name}}.key", "keys": {"bot": None}, **options}
    set_ones = {name: value for name, value in given.items() if value is not None}
    validated, _secrets = SECRET_FILE_MODULE.validated({"step": step, **set_ones})
    runtime = Runtime(hides_secrets=True, vault=vault or cipher_of)
    return run(SECRET_FILE_MODULE, validated, check_mode=check_mode, diff_mode=False, runtime=runtime)


def cipher_of(password: str | None, password_file: str | None, vault_id: str | None) -> VaultCipher:
    """As the action plugin makes it."""
    return VaultCipher(DataLoader(), password, password_file, vault_id)


@pytest.fixture(params=["plain", "encrypted"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> FilePlace:
    """The place of the key bot, without anything in it."""
    path = str(tmp_path / "bot.key")
    cipher = cipher_of(PASSWORD, None, None) if request.param == "encrypted" else None
    return FilePlace("bot", path, path, OWNER, cipher)


def put(place: FilePlace, secret: str) -> None:
    """Let a place hold a secret."""
    text = place.cipher.encrypt(secret) if place.cipher else secret
    Path(place.where).write_text(text, encoding="utf-8")


def left(folder: Path) -> list[str]:
    """The names of all that is in a folder, but for notes of the files there."""
    names = sorted(path.name for path in folder.iterdir())
    return [name for name in names if not (name.endswith(".airs-note") and name[1:-10] in names)]


def test_the_end_of_a_line_is_no_part_of_a_vault_password(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    encrypted = cipher_of(f"{PASSWORD}\r\n", None, None).encrypt("s")
    assert cipher_of(None, str(tmp_path / "password"), None).decrypt(encrypted) == "s"
    with pytest.raises(AirsInputError, match="vault_password is empty"):
        cipher_of("\n", None, None)


# --- names -----------------------------------------------------------------------------------------------------------


def test_values_are_filled_in_once() -> None:
    values = {"name": "{app}", "app": "{name}", "tsg_id": "1"}
    assert filled("{tsg_id}/{name}-{app}-{other}-{{name}}", values) == "1/{app}-{name}-{other}-{{app}}"


def test_only_the_template_names_a_home_or_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for path in ("~/{name}", "$HOME/{name}", "${HOME}/x/../{name}"):
        found = module("look", tmp_path, path=path, keys={"~": "", "$HOME": ""})["secret_files"]
        assert {name: entry["place"] for name, entry in found.items()} == {
            "~": f"{tmp_path}/%7E",
            "$HOME": f"{tmp_path}/%24HOME",
        }


@pytest.mark.parametrize("path", ["$nothing/{name}", "/x/${name}", "/x/$", "/$$/{name}"])
def test_a_name_is_never_a_part_of_a_variable(tmp_path: Path, path: str) -> None:
    """Whoever takes the place for a path, such as airs_api_key, would look for variables in it."""
    message = module("look", tmp_path, path=path, keys={"HOME": ""})["msg"]
    assert message == (
        f"'{path}' contains a $ that does not refer to an environment variable. Use a different path. "
        "Nothing was changed."
    )
    other: dict[str, Any] = {"path": None, "place": "{name}", "journal_directory": f"{tmp_path}/$nothing"}
    assert "contains a $" in module("look", tmp_path, **other)["msg"]


@pytest.mark.parametrize(
    "path", ["$PANW_CLIENT_SECRET/{name}", "/x/${PANW_MGMT_CLIENT_SECRET}", "~/$PANW_ACCESS_TOKEN"]
)
def test_a_variable_with_a_secret_is_no_part_of_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for variable in ("PANW_CLIENT_SECRET", "PANW_MGMT_CLIENT_SECRET", "PANW_ACCESS_TOKEN"):
        monkeypatch.setenv(variable, PASSWORD)
    message = module("prove", tmp_path, path=path)["msg"]
    assert message.startswith("path refers to the environment variable PANW_")
    assert message.endswith("which contains a secret. Nothing was changed.")
    assert PASSWORD not in message


@pytest.mark.parametrize(
    ("path", "keys", "names"),
    [
        ("one", {"a": "", "b": ""}, "'a' and 'b' would both be stored in "),
        ("{app}", {"a": "shop", "b": "", "c": "shop"}, "'a' and 'c' would both be stored in "),
        ("{name}", {"a": "", "a.airs-journal": ""}, "'a' and 'a.airs-journal' would both be stored in "),
    ],
)
def test_two_keys_in_one_place_are_refused(tmp_path: Path, path: str, keys: dict[str, str], names: str) -> None:
    message = module("look", tmp_path, path=f"{tmp_path}/{path}", keys=keys)["msg"]
    assert message.startswith(f"The secrets of API keys {names}")
    assert message.endswith(f"Add {{name}} or {{app}} to '{tmp_path}/{path}'. Nothing was changed.")


def test_two_links_to_one_file_are_one_place(tmp_path: Path) -> None:
    (tmp_path / "a.key").symlink_to("b.key")
    assert "would both be stored in" in module("look", tmp_path, keys={"a": "", "b": ""})["msg"]


def test_names_that_differ_in_case_only_meet_where_case_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "Secrets").mkdir()
    keys = {"Bot": "", "bot": ""}
    assert len(module("look", tmp_path / "Secrets", keys=keys)["secret_files"]) == 2
    # As a file system shows it that does not tell upper from lower case.
    (tmp_path / "sECRETS").symlink_to("Secrets")
    assert "'Bot' and 'bot' would both be stored in " in module("look", tmp_path / "Secrets", keys=keys)["msg"]


def test_the_file_with_the_password_is_no_place(tmp_path: Path) -> None:
    password = tmp_path / "bot.key"
    password.write_text(PASSWORD, encoding="utf-8")
    (tmp_path / "link").symlink_to("bot.key")
    given: dict[str, Any] = {"encrypted": True, "vault_password_file": str(tmp_path / "link")}
    assert module("prove", tmp_path, **given)["msg"] == (
        f"The secret of API key 'bot' would be stored in {password}, which is vault_password_file. Use a "
        "different path. Nothing was changed."
    )
    assert left(tmp_path) == ["bot.key", "link"]


def test_the_tenant_is_needed_where_the_path_has_it(tmp_path: Path) -> None:
    assert "requires tsg_id" in module("look", tmp_path, path=f"{tmp_path}/{{tsg_id}}")["msg"]
    found = module("look", tmp_path, path=f"{tmp_path}/{{tsg_id}}", tsg_id="12")["secret_files"]
    assert found["bot"]["place"] == f"{tmp_path}/12"


# --- steps -----------------------------------------------------------------------------------------------------------


def test_a_secret_goes_by_way_of_its_journal_into_the_place(place: FilePlace, tmp_path: Path) -> None:
    put(place, OLD)
    assert place.prove(dry=False) is False
    assert place.found(place.secret()) == {
        "title": place.title,
        "place": place.where,
        "last8": OLD[-8:],
        "is_file": True,
        "noted_tsg_ids": ["1"],
        "journal": f"{place.where}.airs-journal",
        "journal_last8": "",
        "interrupted": True,
    }
    Path(place.journal).write_text(NEW, encoding="utf-8")
    assert place.store(dry=True)
    assert place.secret() == OLD
    assert place.store(dry=False)
    assert not place.store(dry=False)
    assert place.secret() == NEW
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert place.found(NEW)["interrupted"]
    Path(place.draft).touch()  # left by a run that died
    assert place.finish(dry=False) is False
    assert left(tmp_path) == ["bot.key"]
    assert (Path(place.where).read_text() == NEW) is (place.cipher is None)


def test_removing_takes_the_journal_along(place: FilePlace, tmp_path: Path) -> None:
    put(place, OLD)
    place.prove(dry=False)
    assert place.remove(dry=True)
    assert len(left(tmp_path)) == 2
    assert place.remove(dry=False)
    assert not place.remove(dry=False)
    assert left(tmp_path) == []


def test_check_mode_writes_nothing(tmp_path: Path) -> None:
    for step in ("look", "read", "prove", "finish", "remove"):
        assert not module(step, tmp_path, check_mode=True).get("failed")
    assert left(tmp_path) == []


def test_without_a_secret_in_the_journal_nothing_is_stored(place: FilePlace) -> None:
    put(place, OLD)
    place.prove(dry=False)
    with pytest.raises(AirsInputError, match="The journal .* does not contain a secret"):
        place.store(dry=False)
    assert place.secret() == OLD


class Killed(BaseException):
    """Ends a step as a signal does: nothing that the step would do after an error is done."""


def steps(place: FilePlace) -> Iterator[Callable[[], object]]:
    """What a rotation does, where the key is regenerated between the first two."""
    yield lambda: place.prove(dry=False)
    yield lambda: files.replace(place.journal, NEW, 0o600, draft=f"{place.journal}.new")
    yield lambda: place.store(dry=False)
    yield lambda: place.finish(dry=False)


@pytest.mark.parametrize("killed_at", range(1, CALLS + 1))
def test_a_run_that_dies_anywhere_loses_no_secret(
    place: FilePlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    put(place, OLD)
    calls = itertools.count(1)

    def deadly(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **keywords: Any) -> Any:
            if next(calls) == killed_at:
                raise Killed
            return function(*arguments, **keywords)

        return call

    with monkeypatch.context() as patched:
        for name in FILE_CALLS:
            for used in (files, secret_place, secret_file):
                assert used.os is os
            patched.setattr(os, name, deadly(getattr(os, name)))
        done = 0
        try:
            for step in steps(place):
                step()
                done += 1
        except Killed:
            pass
    (tmp_path / "bot.key.airs-journal.new").unlink(missing_ok=True)
    held = {place.secret(), files.read_text(place.journal)}
    assert held <= {OLD, NEW, ""}
    assert (NEW in held) or done < 2
    assert os.path.lexists(place.journal) or place.secret() == NEW or done == 0
    # The next run: from the journal where that has the secret, else from the start. Of a secret that was replaced the
    # service may tell nothing any more.
    place = dataclasses.replace(place, owner=dataclasses.replace(OWNER, last8s=())) if done else place
    for step in itertools.islice(steps(place), 2 if NEW in held else 0, None):
        if os.path.lexists(place.journal) or place.secret() != NEW:
            step()
    place.finish(dry=False)
    assert place.secret() == NEW
    assert left(tmp_path) == ["bot.key"]


def test_the_kills_reach_the_end(place: FilePlace, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = itertools.count()
    put(place, OLD)

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **keywords: Any) -> Any:
            next(calls)
            return function(*arguments, **keywords)

        return call

    with monkeypatch.context() as patched:
        for name in FILE_CALLS:
            patched.setattr(os, name, counted(getattr(os, name)))
        for step in steps(place):
            step()
    assert CALLS - 10 < next(calls) <= CALLS


# --- what cannot be --------------------------------------------------------------------------------------------------


def test_a_folder_in_the_place_of_the_file_is_refused(place: FilePlace) -> None:
    os.mkdir(place.where)
    with pytest.raises(AirsInputError, match="it is a directory. Nothing was changed"):
        place.prove(dry=False)
    assert not os.path.lexists(place.journal)


def test_a_pipe_in_the_place_of_the_file_is_refused(place: FilePlace) -> None:
    os.mkfifo(place.where)
    with pytest.raises(AirsInputError, match="cannot be read: it is a named pipe. Nothing was changed"):
        place.secret()
    with pytest.raises(AirsInputError, match="it is a named pipe"):
        place.prove(dry=False)


@pytest.mark.parametrize("ending", ["", ".airs-journal", ".airs-probe"])
@pytest.mark.parametrize("check_mode", [False, True], ids=["for real", "check mode"])
@pytest.mark.parametrize("step", ["read", "prove", "store", "finish", "remove"])
def test_what_is_no_file_is_refused_before_any_step(
    tmp_path: Path, odd: Callable[[Path], str], step: str, check_mode: bool, ending: str
) -> None:
    path = tmp_path / f"bot.key{ending}"
    what = odd(path)
    keys = {"another": "", "bot": ""}
    message = module(step, tmp_path, check_mode=check_mode, keys=keys)["msg"]
    # A link is followed where the file is, and not where its journal is.
    assert message.endswith(f" must be a file, but is {what}. Nothing was changed.")
    assert left(tmp_path) == [path.name]


@pytest.mark.parametrize("check_mode", [False, True])
def test_journals_belong_into_a_folder(tmp_path: Path, check_mode: bool) -> None:
    (tmp_path / "journals").touch()
    other: dict[str, Any] = {"path": None, "place": "{name}", "journal_directory": f"{tmp_path}/journals"}
    message = module("prove", tmp_path, check_mode=check_mode, **other)["msg"]
    assert message.startswith(f"{tmp_path}/journals is not a directory, but is required for ")


@pytest.mark.parametrize("ending", ["", ".airs-journal"])
def test_what_is_no_file_does_not_stop_a_look_at_the_others(
    tmp_path: Path, odd: Callable[[Path], str], ending: str
) -> None:
    odd(tmp_path / f"a.key{ending}")
    assert [*module("look", tmp_path, keys={"a": "", "b": ""})["secret_files"]] == ["b"]


def test_a_password_is_not_read_from_what_is_no_file(tmp_path: Path, odd: Callable[[Path], str]) -> None:
    password = tmp_path / "password"
    what = odd(password)
    message = module("look", tmp_path, encrypted=True, vault_password_file=str(password))["msg"]
    assert message == f"vault_password_file {password} must be a file, but is {what}. Nothing was changed."


def test_a_folder_that_takes_no_files_is_refused(tmp_path: Path) -> None:
    assert "/proc: " in module("prove", tmp_path, path="/proc/{name}.key")["msg"]
    assert "does not exist. Nothing was changed." in module("prove", tmp_path / "no")["msg"]


def test_a_file_that_cannot_be_read_does_not_stop_a_look_at_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.key").symlink_to("/proc/self/mem")  # which nobody can read, not even root
    (tmp_path / "b.key").write_bytes(b"\xff\xfesecret")
    (tmp_path / "c.key").write_text(OLD, encoding="utf-8")
    keys = {"a": "", "b": "", "c": ""}
    assert [*module("look", tmp_path, keys=keys)["secret_files"]] == ["c"]
    assert "cannot be read: " in module("read", tmp_path, keys=keys)["msg"]
    message = module("read", tmp_path, keys={"b": ""})["msg"]
    assert message == f"{tmp_path}/b.key cannot be read: it does not contain text. Nothing was changed."


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "bot.key").symlink_to("elsewhere/real.key")
    module("prove", tmp_path)
    (tmp_path / "elsewhere" / "real.key.airs-journal").write_text(NEW, encoding="utf-8")
    assert module("store", tmp_path)["changed"]
    module("finish", tmp_path)
    assert (tmp_path / "bot.key").is_symlink()
    assert (tmp_path / "elsewhere" / "real.key").read_text(encoding="utf-8") == NEW
    assert left(tmp_path / "elsewhere") == ["real.key"]


def test_a_journal_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "bot.key.airs-journal").symlink_to("elsewhere")
    assert "The journal " in module("prove", tmp_path)["msg"]
    assert left(tmp_path) == ["bot.key.airs-journal"]


def test_a_folder_that_has_gone_is_an_error_that_names_the_journal(place: FilePlace, tmp_path: Path) -> None:
    lost = FilePlace("bot", str(tmp_path / "gone" / "bot.key"), place.stem, OWNER, place.cipher)
    Path(place.journal).write_text(NEW, encoding="utf-8")
    with pytest.raises(AirsSecretStoreError, match=r"The new secret of 'bot' is in .*bot.key.airs-journal. Run again"):
        lost.store(dry=False)
    assert files.read_text(place.journal) == NEW


def test_the_longest_names_have_files(tmp_path: Path) -> None:
    name = "\U0001f511" * 31
    given: dict[str, Any] = {"path": f"{tmp_path}/{{app}}-{{name}}.key", "keys": {name: name[:-1]}}
    journal = module("prove", tmp_path, **given)["secret_files"][name]["journal"]
    Path(journal).write_text(NEW, encoding="utf-8")
    assert module("store", tmp_path, **given)["secret_files"][name]["last8"] == NEW[-8:]


def test_secrets_are_returned_only_where_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "bot.key").write_text(OLD, encoding="utf-8")
    assert OLD not in str(module("read", tmp_path))
    result = module("read", tmp_path, reveal_secret=True)
    assert result["stored_secrets"] == {"bot": OLD}
    assert result["_ansible_no_log"]


# --- other stores ----------------------------------------------------------------------------------------------------


def test_of_another_store_only_the_journal_is_a_file(tmp_path: Path) -> None:
    given: dict[str, Any] = {
        "path": None,
        "place": "airs/{app}/{name}",
        "journal_directory": str(tmp_path / "journals"),
        "keys": {"a/b": "shop"},
        "tsg_id": "12",
    }
    given.pop("path")
    options, _secrets = SECRET_FILE_MODULE.validated({"step": "prove", **given})
    result = run(SECRET_FILE_MODULE, options, check_mode=False, diff_mode=False, runtime=Runtime())
    found = result["secret_files"]["a/b"]
    assert found["place"] == "airs/shop/a/b"
    assert found["journal"] == f"{tmp_path}/journals/12%2Fa%2Fb.airs-journal"
    assert stat.S_IMODE((tmp_path / "journals").stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(found["journal"]).stat().st_mode) == 0o600
    assert Place("a", "x", f"{tmp_path}/a").secret() == ""
    options["step"] = "store"
    assert (
        "step: store requires path"
        in run(SECRET_FILE_MODULE, options, check_mode=False, diff_mode=False, runtime=Runtime())["msg"]
    )


# --- Ansible Vault ---------------------------------------------------------------------------------------------------


def test_another_password_is_refused_before_any_change(tmp_path: Path) -> None:
    place = FilePlace(
        "bot", str(tmp_path / "bot.key"), str(tmp_path / "bot.key"), OWNER, cipher_of(PASSWORD, None, None)
    )
    put(place, OLD)
    message = module("read", tmp_path, encrypted=True, vault_password="another")["msg"]
    assert message == (
        f"the encrypted file {tmp_path}/bot.key cannot be read: it cannot be decrypted with this password. "
        "Nothing was changed."
    )
    (tmp_path / "bot.key").write_text("in the clear", encoding="utf-8")
    assert "not encrypted" in module("read", tmp_path, encrypted=True, vault_password=PASSWORD)["msg"]


def test_a_password_that_is_a_part_of_the_path_stays_in_it(tmp_path: Path) -> None:
    found = module("look", tmp_path, encrypted=True, vault_password="bot")["secret_files"]
    assert found["bot"]["journal"] == f"{tmp_path}/bot.key.airs-journal"


@pytest.mark.parametrize(
    ("name", "content", "executable"),
    [
        ("password", f"{PASSWORD}\n", False),
        ("password.sh", f"#!/bin/sh\necho '{PASSWORD}'\n", True),
        ("password-client.sh", f'#!/bin/sh\ntest "$1 $2" = "--vault-id airs" && echo \'{PASSWORD}\'\n', True),
    ],
)
def test_passwords_come_from_files_and_scripts(tmp_path: Path, name: str, content: str, executable: bool) -> None:
    script = tmp_path / name
    script.write_text(content, encoding="utf-8")
    script.chmod(0o700 if executable else 0o600)
    text = cipher_of(None, str(script), "airs").encrypt(NEW)
    assert text.startswith("$ANSIBLE_VAULT;1.2;AES256;airs\n")
    assert cipher_of(PASSWORD, None, None).decrypt(text) == NEW


@pytest.mark.parametrize("script", ["missing", "empty", "failing"])
def test_a_file_without_a_password_is_an_error_that_repeats_nothing(tmp_path: Path, script: str) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "failing").write_text(f"#!/bin/sh\necho '{PASSWORD}' >&2\nexit 3\n", encoding="utf-8")
    (tmp_path / "failing").chmod(0o700)
    message = module("look", tmp_path, encrypted=True, vault_password_file=str(tmp_path / script))["msg"]
    assert message.startswith(f"Cannot get a vault password from {tmp_path / script}")
    assert PASSWORD not in message


def test_outside_of_the_controller_nothing_is_encrypted(tmp_path: Path) -> None:
    options, _secrets = SECRET_FILE_MODULE.validated(
        {"step": "look", "path": f"{tmp_path}/{{name}}", "keys": {"a": ""}, "encrypted": True, "vault_password": "x"}
    )
    result = run(SECRET_FILE_MODULE, options, check_mode=False, diff_mode=False, runtime=Runtime())
    assert result["msg"].startswith("encrypted requires Ansible Vault, which is only available on the controller")
