# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a module: its options, where it runs, and the session that the options ask for."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .._common.errors import AirsInputError
from .._common.secret_file import SecretFile, require_file
from .._common.secret_note import Owner
from .._service.auth import ClientCredentialsToken, Credentials, GivenToken, TokenSource
from .._service.client import ManagementClient
from .._service.transport import MAX_WAIT, Transport, require_safe_url
from .options import MANAGEMENT_OPTIONS, Options
from .session import Session

if TYPE_CHECKING:
    from .._common.secret_place import Cipher

#: Connections of a task that does not say how many things it may do at a time: it can only read lists together.
_CONNECTIONS = 8


@dataclass(frozen=True)
class Runtime:
    """Where a task runs.

    Args:
        token_folder: folder private to the playbook run for the shared token, or None.
        recovery_folder: where a secret goes that could not be stored.
        hides_secrets: whether a secret in the result is kept from screen and log.
        sessions: sessions of this process that may be used again; emptied between tasks.
        say: shows a line while the task is still running, or None where nobody can see it.
        learnt: gets the secrets that answers hold, for whoever shows what the service says.
        vault: returns what encrypts by Ansible Vault, for a password, a file of it, and a label; None where Ansible has
            no vault, which is outside of the controller.
    """

    token_folder: str | None = None
    recovery_folder: str = os.path.expanduser("~/.ansible")
    hides_secrets: bool = False
    sessions: dict[str, Session] = field(default_factory=dict)
    say: Callable[[str], None] | None = None
    learnt: set[str] = field(default_factory=set)
    vault: Callable[[str | None, str | None, str | None], Cipher] | None = None


@dataclass
class Task:
    """One run of a module.

    Args:
        options: validated options.
        check_mode: nothing may be changed.
        diff_mode: a diff is wanted.
        runtime: where it runs.
        notes: sentences for the user.
        foretells: whether it says in check mode what a run would do, in which earlier tasks come before this one.
    """

    options: Options
    check_mode: bool
    diff_mode: bool
    runtime: Runtime
    notes: list[str] = field(default_factory=list)
    foretells: bool = False

    def about(self, options: Options) -> Task:
        """Return the same task with other options: a part of its work."""
        return dataclasses.replace(self, options=options)

    def suppose(self, error: AirsInputError, would: str, notes: list[str]) -> None:
        """Take for done what an earlier task may do and in check mode has not done; it is noted.

        Args:
            error: what is wrong otherwise.
            would: what the earlier task would do.
            notes: gets the sentence.

        Raises:
            AirsInputError: the error, where no earlier task can have promised anything.
        """
        if not self.foretells:
            raise error
        sentence = error.message.removesuffix(" Nothing was changed.")
        notes.append(f"{sentence} In check mode, it is assumed that an earlier task would {would}.")

    def prove(self, file: SecretFile, owner: Owner, notes: list[str]) -> None:
        """Make sure that a secret can be stored, before it is made. Its folder may be what an earlier task would make.

        Args:
            file: the place of the secret.
            owner: whose secret it is.
            notes: gets a sentence where that is supposed.

        Raises:
            AirsInputError: it could not be stored.
        """
        try:
            file.prove_writable(owner, dry=self.check_mode)
        except AirsInputError as error:
            if os.path.lexists(os.path.dirname(file.path)):
                raise
            self.suppose(error, "create the directory", notes)

    def transport(self, max_wait: float = MAX_WAIT) -> Transport:
        """Return a transport as the options say.

        Args:
            max_wait: longest single wait, in seconds, whatever the service asks for.

        Raises:
            AirsInputError: ca_path is a device or such.
        """
        options = self.options
        ca_path = options["ca_path"]
        if ca_path and not os.path.isdir(ca_path):
            require_file(ca_path, f"ca_path {ca_path}")
        return Transport(
            timeout=options["timeout"],
            num_retries=options["num_retries"],
            validate_certs=options["validate_certs"],
            ca_path=ca_path,
            max_wait=max_wait,
            connections=self.options.get("concurrency") or _CONNECTIONS,
            learnt=self.runtime.learnt,
        )

    def session(self) -> Session:
        """Return the session for the connection options: that of an earlier item of the loop, or a new one.

        Raises:
            AirsInputError: the connection options are incomplete or unsafe.
        """
        connection = {key: self.options.get(key) for key in (*MANAGEMENT_OPTIONS, "concurrency")}
        key = hashlib.sha256(json.dumps(connection, sort_keys=True).encode()).hexdigest()
        sessions = self.runtime.sessions
        if key not in sessions:
            sessions[key] = self._new_session()
        session = sessions[key]
        if self.notes is not session.notes:
            session.notes.clear()
            self.notes = session.notes
        return session

    def _new_session(self) -> Session:
        options = self.options
        base_url = require_safe_url("base_url", options["base_url"])
        transport = self.transport()
        notes: list[str] = []
        client = ManagementClient(transport, self.tokens(transport), base_url, self._signature(), notes.append)
        return Session(client, notes, options["tsg_id"] or "")

    def tokens(self, transport: Transport) -> TokenSource:
        """Return where the access token comes from.

        Args:
            transport: asks for it, where it has to be asked for.

        Raises:
            AirsInputError: the connection options are incomplete or unsafe.
        """
        account = self.credentials()
        if account is None:
            return GivenToken(self.options["access_token"])
        return ClientCredentialsToken(transport, account, self.runtime.token_folder)

    def credentials(self) -> Credentials | None:
        """Return the service account; None where an access token is given instead.

        Raises:
            AirsInputError: the connection options are incomplete or unsafe.
        """
        options = self.options
        if options["access_token"]:
            return None
        missing = [key for key in ("client_id", "client_secret") if not options[key]]
        if missing:
            variables = " and ".join(f"PANW_{key.upper()}" for key in missing)
            raise AirsInputError(
                f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} required: set the "
                f"option{'s' * (len(missing) > 1)}, or {variables} in the environment."
            )
        return Credentials(
            token_url=require_safe_url("token_base_url", options["token_base_url"]),
            client_id=options["client_id"],
            client_secret=options["client_secret"],
            tsg_id=options["tsg_id"],
        )

    def _signature(self) -> str:
        return str(self.options["updated_by"] or self.options["client_id"] or "ansible")
