# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a task, the same for both doors: options in, result out, errors as results.

A door (the action plugin in the controller, or a real module anywhere) validates the options with Ansible's own means
and calls run(). Everything that differs between the doors is in Place.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._common import deps
from .._common.errors import AirsError, AirsInputError
from .._service.auth import ClientCredentialsToken, Credentials, GivenToken, TokenSource
from .._service.client import ManagementClient
from .._service.http import MAX_WAIT, Transport, require_safe_url
from .options import ModuleSpec
from .reconcile import Reconciler, TaskOptions
from .session import Session

#: Key of a result that makes Ansible keep it from screen, callbacks and logs; `register` still has it.
CENSORED = "_ansible_no_log"


@dataclass(frozen=True)
class Place:
    """Where a task runs.

    Args:
        token_folder: folder private to the playbook run for the shared token, or None.
        recovery_folder: where a secret goes that could not be stored.
        hides_secrets: whether a secret in the result is kept from screen and log.
        sessions: sessions of this process that may be used again; emptied between tasks.
        say: shows a line while the task is still running, or None where nobody can see it.
    """

    token_folder: str | None = None
    recovery_folder: str = os.path.expanduser("~/.ansible")
    hides_secrets: bool = False
    sessions: dict[str, Session] = field(default_factory=dict)
    say: Callable[[str], None] | None = None


@dataclass
class Task:
    """One run of a module.

    Args:
        options: validated options.
        check_mode: nothing may be changed.
        diff_mode: a diff is wanted.
        place: where it runs.
        notes: sentences for the user.
    """

    options: Mapping[str, Any]
    check_mode: bool
    diff_mode: bool
    place: Place
    notes: list[str] = field(default_factory=list)

    def transport(self, max_wait: float = MAX_WAIT) -> Transport:
        """Return a transport as the options say.

        Args:
            max_wait: longest single wait, in seconds, whatever the service asks for.
        """
        options = self.options
        return Transport(
            timeout=options["timeout"],
            num_retries=options["num_retries"],
            validate_certs=options["validate_certs"],
            ca_path=options["ca_path"],
            max_wait=max_wait,
            connections=self.options.get("concurrency") or _CONNECTIONS,
        )

    def session(self) -> Session:
        """Return the session for the connection options: that of an earlier item of the loop, or a new one.

        Raises:
            AirsInputError: the connection options are incomplete or unsafe.
        """
        connection = {key: self.options.get(key) for key in (*_CONNECTION_KEYS, "concurrency")}
        key = hashlib.sha256(json.dumps(connection, sort_keys=True).encode()).hexdigest()
        sessions = self.place.sessions
        if key not in sessions:
            sessions[key] = self._new_session()
        session = sessions[key]
        session.notes.clear()
        self.notes = session.notes
        return session

    def _new_session(self) -> Session:
        options = self.options
        base_url = require_safe_url("base_url", options["base_url"])
        transport = self.transport()
        notes: list[str] = []
        client = ManagementClient(transport, self._tokens(transport), base_url, self._signature(), notes.append)
        return Session(client, notes)

    def _tokens(self, transport: Transport) -> TokenSource:
        options = self.options
        if options["access_token"]:
            return GivenToken(options["access_token"])
        missing = [key for key in ("client_id", "client_secret") if not options[key]]
        if missing:
            variables = " and ".join(f"PANW_{key.upper()}" for key in missing)
            raise AirsInputError(
                f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing: "
                f"set the option{'s' * (len(missing) > 1)}, or {variables} in the environment."
            )
        credentials = Credentials(
            token_url=require_safe_url("token_base_url", options["token_base_url"]),
            client_id=options["client_id"],
            client_secret=options["client_secret"],
            tsg_id=options["tsg_id"],
        )
        return ClientCredentialsToken(transport, credentials, self.place.token_folder)

    def _signature(self) -> str:
        return str(self.options["updated_by"] or self.options["client_id"] or "ansible")


#: Connections of a task that does not say how many things it may do at a time: it can only read lists together.
_CONNECTIONS = 8

_CONNECTION_KEYS = (
    "client_id",
    "client_secret",
    "tsg_id",
    "access_token",
    "base_url",
    "token_base_url",
    "updated_by",
    "num_retries",
    "timeout",
    "validate_certs",
    "ca_path",
)


def connect(options: Mapping[str, Any], place: Place) -> Session:
    """Return a session for a plugin that is no module and changes nothing.

    Args:
        options: connection options; updated_by is not among them.
        place: where the plugin runs.

    Raises:
        AirsError: a library is missing, or the options are incomplete or unsafe.
    """
    deps.require()
    return Task({**options, "updated_by": None}, check_mode=False, diff_mode=False, place=place).session()


def access_token(options: Mapping[str, Any], place: Place) -> str:
    """Return an access token for the connection options: what a module on another machine gets instead of the secret.

    Raises:
        AirsError: there is none to be had.
    """
    deps.require()
    task = Task(options, check_mode=False, diff_mode=False, place=place)
    return task._tokens(task.transport()).get()


def run(
    spec: ModuleSpec, options: Mapping[str, Any], *, check_mode: bool, diff_mode: bool, place: Place
) -> dict[str, Any]:
    """Run a module.

    Args:
        spec: the module.
        options: its validated options.
        check_mode: nothing may be changed.
        diff_mode: a diff is wanted.
        place: where it runs.

    Returns:
        The result of the task; on an error one with failed, msg and failure.
    """
    task = Task(options, check_mode, diff_mode, place)
    try:
        deps.require()
        require_hidden_secret(spec, options, check_mode=check_mode, hidden=place.hides_secrets)
        result = spec.handler(task)
    except AirsError as error:
        result = {"failed": True, "msg": error.message}
        if error.failure():
            result["failure"] = error.failure()
    if task.notes:
        result["warnings"] = list(dict.fromkeys(task.notes))
    return result


def require_hidden_secret(spec: ModuleSpec, options: Mapping[str, Any], *, check_mode: bool, hidden: bool) -> None:
    """Refuse a run whose result would show a secret.

    Args:
        spec: the module.
        options: its validated options.
        check_mode: nothing may be changed, so no secret is made.
        hidden: whether a secret in the result is kept from screen and log.

    Raises:
        AirsInputError: it would; nothing was changed.
    """
    if spec.returns_secret(options) and not hidden and not check_mode:
        places = [name for name in ("secret_path", "secret_dir") if name in spec.options]
        elsewhere = f"set {places[0]}, or " if places else ""
        raise AirsInputError(
            f"{spec.name} would return a secret here, where Ansible prints results as they are: {elsewhere}"
            "set no_log: true on this task and on the one that fetches its result. Nothing was changed."
        )


def holds_secret(result: Mapping[str, Any]) -> bool:
    """Tell whether a result has a secret that the service has made: those are under keys of their own."""
    return any(name.endswith(("_secret", "_secrets")) for name in result)


def write_handler(reconciler_type: type[Reconciler]) -> Callable[[Task], dict[str, Any]]:
    """Return the handler of a module that makes and unmakes objects of one kind."""

    def handle(task: Task) -> dict[str, Any]:
        options = TaskOptions(task.options, task.check_mode, task.place.recovery_folder)
        reconciler = reconciler_type(task.session(), options)
        resource = reconciler.resource
        plan = reconciler.plan()
        result: dict[str, Any] = {"changed": plan.changes}
        if task.check_mode:
            row, secret = plan.predicted, None
        else:
            outcome = reconciler.apply(plan)
            row, secret = outcome.row, outcome.secret
        result[resource.kind] = None if row is None else resource.view(row)
        result.update(reconciler.extra_results(plan))
        if secret is not None:
            result.update({f"{resource.kind}_secret": secret, CENSORED: True})
        if task.diff_mode:
            header = f"{resource.title(plan.name)}"
            result["diff"] = {**reconciler.difference(plan), "before_header": header, "after_header": header}
        return result

    return handle
