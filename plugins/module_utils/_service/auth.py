# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens for the management API: OAuth2 client credentials, one token for an entire playbook run.

The tasks of one run are separate processes. They share the token in a file in the directory that Ansible creates for
each run and removes at its end. A lock ensures that only one of several processes that start together requests a token.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from .._common.errors import AirsBrokenAnswerError, AirsExchangeError, AirsInputError, AirsUnauthorizedError
from .._common.files import replace
from .model import token_faults
from .transport import Request, Transport

#: Lifetime to assume, in seconds, when the service names none: the documented lifetime of access tokens.
DEFAULT_LIFETIME = 900


class TokenSource(Protocol):
    """Where the client gets its access token from."""

    #: Whether renew() can give another token.
    renewable: bool
    #: The tenants that the token is for, as far as the service has told this process.
    granted: tuple[str, ...]

    def get(self) -> str:
        """Return a token that should be valid."""

    def renew(self, stale: str) -> str:
        """Return a token other than the stale one."""


class GivenToken:
    """A token that the user gave.

    Args:
        token: the access token.
    """

    renewable = False
    granted: tuple[str, ...] = ()

    def __init__(self, token: str) -> None:
        self._token = token

    def get(self) -> str:
        """Return the token."""
        return self._token

    def renew(self, stale: str) -> str:
        """Return the same token: there is no other."""
        return self._token


@dataclass(frozen=True)
class Credentials:
    """A service account.

    Args:
        token_url: URL of the token endpoint.
        client_id: client id, such as name@1234567890.iam.panserviceaccount.com.
        client_secret: its secret.
        tsg_id: tenant service group to act on; None means the service account's own.
    """

    token_url: str
    client_id: str
    client_secret: str
    tsg_id: str | None

    @property
    def fingerprint(self) -> str:
        """A name for these credentials that does not reveal them."""
        parts = (self.token_url, self.client_id, self.client_secret, self.tsg_id or "")
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


class ClientCredentialsToken:
    """A token fetched with client credentials, kept in memory and, where a folder is given, shared through a file.

    Args:
        transport: sends the request.
        credentials: the service account.
        shared_folder: a folder private to this playbook run, or None to keep the token in memory only.
        clock: returns the time in seconds since the epoch.
    """

    renewable = True

    def __init__(
        self,
        transport: Transport,
        credentials: Credentials,
        shared_folder: str | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._transport = transport
        self._credentials = credentials
        self._shared = _SharedToken(shared_folder, credentials.fingerprint) if shared_folder else None
        self._clock = clock
        self._lock = threading.Lock()
        self.granted: tuple[str, ...] = ()
        #: The token, and when to renew it.
        self._known: tuple[str, float] | None = None

    def get(self) -> str:
        """Return a valid token: from memory, from the shared file, or fetched.

        Raises:
            AirsExchangeError: the token endpoint refused or cannot be reached.
            AirsInputError: the token is for another tenant than tsg_id.
        """
        known = self._known
        if known is not None and self._clock() < known[1]:
            return known[0]
        return self._obtain(stale=known[0] if known else None)

    def renew(self, stale: str) -> str:
        """Return another token than the stale one: somebody else's newer one, else a fetched one.

        Raises:
            AirsExchangeError: the token endpoint refused or cannot be reached.
        """
        return self._obtain(stale=stale)

    def _obtain(self, stale: str | None) -> str:
        with self._lock:
            # Another thread may have been first.
            if self._known is None or not self._is_fresh(self._known, stale):
                if self._known:
                    # A run of months has thousands of tokens, and one that has run out is no secret.
                    self._transport.learnt.discard(self._known[0])
                self._known = self._obtain_shared(self._shared, stale) if self._shared else self._fetch()
                self._transport.learnt.add(self._known[0])
            return self._known[0]

    def _is_fresh(self, token: tuple[str, float], stale: str | None) -> bool:
        return token[0] != stale and self._clock() < token[1]

    def _obtain_shared(self, shared: _SharedToken, stale: str | None) -> tuple[str, float]:
        with shared.locked():
            known = shared.read()
            if known is None or not self._is_fresh(known, stale):
                known = self._fetch()
                shared.write(*known)
        return known

    def _fetch(self) -> tuple[str, float]:
        account = self._credentials
        form = {
            "grant_type": "client_credentials",
            "client_id": account.client_id,
            "client_secret": account.client_secret,
        }
        if account.tsg_id:
            form["scope"] = f"tsg_id:{account.tsg_id}"
        request = Request(
            what=f"get an access token for client ID '{account.client_id}' from {account.token_url}",
            method="POST",
            url=account.token_url,
            url_option="token_base_url",
            repeatable=True,
            authorize=lambda prepared: prepared,
            form=form,
        )
        started = self._clock()
        try:
            answer = self._transport.send(request)
        except AirsUnauthorizedError as error:
            raise error.with_hint("Check client_id and client_secret.") from None
        except AirsExchangeError as error:
            hint = {400: "Check client_id and tsg_id.", 404: "Check token_base_url."}.get(error.status or 0)
            raise (error.with_hint(hint) if hint else error) from None
        faults = token_faults(answer)
        if faults:
            raise AirsBrokenAnswerError(
                request.what,
                f"the response is not that of a token endpoint ({'; '.join(faults)})",
                method=request.method,
                path=request.path,
                hint="Check token_base_url.",
            )
        self._require_right_tenant(answer.get("scope"))
        lifetime = float(answer.get("expires_in") or DEFAULT_LIFETIME)
        # Renewed a while before it ends, so that no request starts with a token that dies on the way.
        return answer["access_token"], started + lifetime - min(300.0, lifetime / 2)

    def _require_right_tenant(self, scope: Any) -> None:
        wanted = self._credentials.tsg_id
        granted = tuple(part.partition(":")[2] for part in str(scope or "").split() if part.startswith("tsg_id:"))
        self.granted = granted
        if wanted and granted and wanted not in granted:
            raise AirsInputError(
                f"tsg_id is {wanted}, but the token of client ID '{self._credentials.client_id}' is for "
                f"tenant {', '.join(granted)}. Use credentials for tenant {wanted}, or correct tsg_id. "
                "Nothing was changed."
            )


class _SharedToken:
    """The token file of one playbook run. Whatever is odd about it makes it count as absent."""

    def __init__(self, folder: str, fingerprint: str) -> None:
        self._path = os.path.join(folder, f"airs-token-{fingerprint}.json")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of this token; others wait."""
        descriptor = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def read(self) -> tuple[str, float] | None:
        """Return (token, time to renew it at), or None."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return None
        with os.fdopen(descriptor, encoding="utf-8") as stream:
            status = os.fstat(stream.fileno())
            if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o077:
                return None
            try:
                content = json.load(stream)
                return str(content["token"]), float(content["renew_at"])
            except (ValueError, KeyError, TypeError):
                return None

    def write(self, token: str, renew_at: float) -> None:
        """Put the token in place at once, so that nobody reads half of it."""
        replace(self._path, json.dumps({"token": token, "renew_at": renew_at}), 0o600)
