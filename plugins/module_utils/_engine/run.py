# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a task, in the same way for both doors: options in, result out, errors as results.

A door (the action plugin on the controller, or a real module anywhere) validates the options with Ansible's own code
and calls run(). Everything that differs between the doors is in Runtime.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from .._common import deps
from .._common.errors import AirsInputError, failed
from .._common.wording import printable, told
from .masking import ASKED_FOR, remove_values
from .module import CENSORED, ModuleSpec
from .options import Options, given_secrets, out_of_range
from .session import Session
from .task import Runtime, Task

#: Seconds that a thread may go on while others wait for their turn.
_SWITCH_INTERVAL = 0.0005
#: New objects until Python looks for some that refer to each other and are no longer needed.
_NEW_OBJECTS = 100_000


def connect(options: Options, runtime: Runtime) -> Session:
    """Return a session for a plugin that is no module and changes nothing.

    Args:
        options: connection options; updated_by is not among them.
        runtime: where the plugin runs.

    Raises:
        AirsError: a library is missing, or the options are incomplete, unsafe, or out of range.
    """
    deps.require()
    faults = out_of_range(options)
    if faults:
        raise AirsInputError(f"{'; '.join(faults)}.")
    return Task({**options, "updated_by": None}, check_mode=False, diff_mode=False, runtime=runtime).session()


def access_token(options: Options, runtime: Runtime) -> str:
    """Return an access token for the connection options: what a module on another machine gets instead of the secret.

    Raises:
        AirsError: there is none to be had.
    """
    deps.require()
    task = Task(options, check_mode=False, diff_mode=False, runtime=runtime)
    return task.tokens(task.transport()).get()


def run(spec: ModuleSpec, options: Options, *, check_mode: bool, diff_mode: bool, runtime: Runtime) -> dict[str, Any]:
    """Run a module.

    Args:
        spec: the module.
        options: its validated options.
        check_mode: nothing may be changed.
        diff_mode: a diff is wanted.
        runtime: where it runs.

    Returns:
        The result of the task, without secrets that nobody asked for; on an error one with failed, msg and failure.
    """
    task = Task(options, check_mode, diff_mode, runtime, foretells=check_mode)
    try:
        if spec.needs_libraries:
            deps.require()
        require_hidden_secret(spec, options, check_mode=check_mode, hidden=runtime.hides_secrets)
        with _brisk():
            result = spec.handler(task)
    except Exception as error:  # noqa: BLE001 - a user gets a sentence, whatever happens
        result = failed(error)
    if "msg" in result:
        result["msg"] = printable(result["msg"])
    if task.notes:
        result["warnings"] = told(task.notes)
    result["invocation"] = spec.invocation(options)
    # Those that were asked for are in a result that is hidden as a whole.
    result = remove_values(result, runtime.learnt, ASKED_FOR if result.get(CENSORED) else ())
    clean: dict[str, Any] = remove_values(result, given_secrets(spec.options, options))
    return clean


@contextlib.contextmanager
def _brisk() -> Iterator[None]:
    """Spare a task what Python's defaults cost where many threads wait for answers, and many objects stay.

    A thread whose answer is there waits up to 5 ms for another that computes, at every step of a TLS handshake; and
    garbage is looked for at every 700 new objects, in the end among all that Ansible has loaded.
    """
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(_SWITCH_INTERVAL)
    gc.set_threshold(_NEW_OBJECTS, *thresholds[1:])
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        sys.setswitchinterval(interval)


def require_hidden_secret(
    spec: ModuleSpec, options: Options, *, check_mode: bool, hidden: bool, job: bool = False
) -> None:
    """Refuse a run whose result would show a secret.

    Args:
        spec: the module.
        options: its validated options.
        check_mode: nothing may be changed, so no secret is made.
        hidden: whether a secret in the result is kept from screen and log.
        job: whether Ansible keeps the result in the file of an async job, which it does not hide from anybody.

    Raises:
        AirsInputError: it would; nothing was changed.
    """
    places = [name for name in ("secret_path", "secret_dir") if name in spec.options]
    # A module without an option for the destination of a secret does not create secrets, but reads some: in check mode,
    # too.
    if not spec.returns_secret(options) or (check_mode and places) or (hidden and not job):
        return
    stored = "which would be stored in the result file of the async job, even with no_log"
    where = stored if job else "which Ansible would print"
    ways = [f"set {name}" for name in places[:1]]
    ways.append("run this task without async" if job else "set no_log: true on this task")
    raise AirsInputError(f"{spec.name} would return a secret, {where}: {', or '.join(ways)}. Nothing was changed.")


def holds_secret(result: Mapping[str, Any]) -> bool:
    """Tell whether a result has a secret that the service has made: those are under keys of their own."""
    return any(name.endswith(("_secret", "_secrets")) for name in result)
