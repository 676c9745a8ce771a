# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens: fetched once, shared by processes, renewed in time, never for the wrong tenant."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import stat
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from support.scripted_server import Answer, ScriptedServer, scripted_server

from ansible_collections.panw.airs.plugins.module_utils._common.errors import (
    AirsBrokenAnswerError,
    AirsInputError,
    AirsUnauthorizedError,
)
from ansible_collections.panw.airs.plugins.module_utils._service.auth import ClientCredentialsToken, Credentials
from ansible_collections.panw.airs.plugins.module_utils._service.transport import Transport

SECRET = "s3cr3t-of-the-account"


class Clock:
    """A clock that tests set."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def answer(number: int, lifetime: int = 899, scope: str = "tsg_id:1") -> Answer:
    """Return an answer of the token endpoint."""
    return Answer(200, {"access_token": f"token-{number}", "expires_in": lifetime, "scope": scope})


def source(server: ScriptedServer, folder: Path | None = None, clock: Clock | None = None, **more: Any) -> Any:
    """Return a token source for a server."""
    account = Credentials(f"{server.url}/oauth2/access_token", "me@1.iam", SECRET, more.pop("tsg_id", "1"))
    transport = Transport(timeout=5, num_retries=0, validate_certs=True, ca_path=None)
    return ClientCredentialsToken(
        transport, dataclasses.replace(account, **more), str(folder) if folder else None, clock or Clock()
    )


def test_the_token_is_fetched_once_and_kept() -> None:
    with scripted_server(answer(1), answer(2)) as server:
        tokens = source(server)
        assert [tokens.get(), tokens.get()] == ["token-1", "token-1"]
        assert len(server.asked) == 1
        assert parse_qs(server.asked[0].body.decode()) == {
            "grant_type": ["client_credentials"],
            "client_id": ["me@1.iam"],
            "client_secret": [SECRET],
            "scope": ["tsg_id:1"],
        }


def test_no_scope_is_sent_without_a_tenant() -> None:
    with scripted_server(answer(1)) as server:
        source(server, tsg_id=None).get()
        assert b"scope" not in server.asked[0].body


@pytest.mark.parametrize(("lifetime", "kept_for"), [(899, 599), (900, 600), (100, 50)])
def test_the_token_is_renewed_before_it_ends(lifetime: int, kept_for: int) -> None:
    clock = Clock()
    with scripted_server(answer(1, lifetime), answer(2, lifetime)) as server:
        tokens = source(server, clock=clock)
        tokens.get()
        clock.now += kept_for - 1
        assert tokens.get() == "token-1"
        clock.now += 2
        assert tokens.get() == "token-2"


def test_two_sources_of_one_run_share_a_token(tmp_path: Path) -> None:
    with scripted_server(answer(1), answer(2)) as server:
        assert [source(server, tmp_path).get(), source(server, tmp_path).get()] == ["token-1", "token-1"]


@pytest.mark.parametrize("change", [{"client_secret": "other"}, {"client_id": "you"}, {"tsg_id": None}])
def test_other_credentials_do_not_get_the_shared_token(tmp_path: Path, change: dict[str, Any]) -> None:
    with scripted_server(answer(1), answer(2)) as server:
        source(server, tmp_path).get()
        assert source(server, tmp_path, **change).get() == "token-2"


def _get(url: str, folder: str, barrier: Any, found: Any) -> None:
    account = Credentials(url, "me@1.iam", SECRET, None)
    transport = Transport(timeout=5, num_retries=0, validate_certs=True, ca_path=None)
    barrier.wait()
    found.put(ClientCredentialsToken(transport, account, folder).get())


def test_processes_that_start_together_fetch_one_token(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    with scripted_server(answer(1), answer(2)) as server:
        barrier, found = context.Barrier(4), context.Queue()
        arguments = (f"{server.url}/token", str(tmp_path), barrier, found)
        workers = [context.Process(target=_get, args=arguments) for _number in range(4)]
        for worker in workers:
            worker.start()
        assert [found.get(timeout=20) for _worker in workers] == ["token-1"] * 4
        for worker in workers:
            worker.join()
        assert len(server.asked) == 1


def test_a_refused_token_is_renewed_once_for_all(tmp_path: Path) -> None:
    with scripted_server(answer(1), answer(2), answer(3)) as server:
        first, second = source(server, tmp_path), source(server, tmp_path)
        stale = first.get()
        assert second.get() == stale
        assert first.renew(stale) == "token-2"
        assert second.renew(stale) == "token-2"
        assert len(server.asked) == 2


def test_the_token_file_is_for_its_owner_only_and_holds_no_secret(tmp_path: Path) -> None:
    with scripted_server(answer(1)) as server:
        source(server, tmp_path).get()
    files = list(tmp_path.iterdir())
    assert len(files) == 2  # the token and its lock
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert SECRET not in file.name + file.read_text()


def _open_to_others(path: Path) -> None:
    path.chmod(0o644)


def _cut_off(path: Path) -> None:
    path.write_text('{"token": "tok')


def _replace_by_link(path: Path) -> None:
    elsewhere = path.with_name("elsewhere")
    os.rename(path, elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize("spoil", [_open_to_others, _cut_off, _replace_by_link])
def test_a_token_file_that_looks_odd_is_not_used(tmp_path: Path, spoil: Any) -> None:
    with scripted_server(answer(1), answer(2)) as server:
        source(server, tmp_path).get()
        (file,) = tmp_path.glob("*.json")
        spoil(file)
        assert source(server, tmp_path).get() == "token-2"
        assert not file.is_symlink()


def test_a_token_for_another_tenant_is_refused() -> None:
    with (
        scripted_server(answer(1, scope="profile tsg_id:2")) as server,
        pytest.raises(AirsInputError, match=r"tsg_id is 1, but the token .* is for tenant 2. .*Nothing was changed"),
    ):
        source(server).get()


@pytest.mark.parametrize("scope", ["", "profile", "profile tsg_id:1"])
def test_a_token_that_names_no_other_tenant_is_fine(scope: str) -> None:
    with scripted_server(answer(1, scope=scope)) as server:
        assert source(server).get() == "token-1"


def test_wrong_credentials_are_named_without_the_secret() -> None:
    body = {"error": "invalid_client", "error_description": "Client authentication failed"}
    with scripted_server(Answer(401, body)) as server, pytest.raises(AirsUnauthorizedError) as caught:
        source(server).get()
    assert caught.value.message == (
        f"Could not get an access token for client ID 'me@1.iam' from {server.url}/oauth2/access_token: "
        "the service reported 'Client authentication failed' (HTTP 401). Check client_id and client_secret."
    )


def test_an_answer_without_a_token_is_named() -> None:
    with (
        scripted_server(Answer(200, {"token": "x"})) as server,
        pytest.raises(AirsBrokenAnswerError, match=r"not that of a token endpoint \(access_token: field required\)"),
    ):
        source(server).get()
