# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fast door: runs every module of the collection on the controller.

This way a task takes milliseconds, and requires neither Python on a target nor a connection to it. The real module is
only used if the controller cannot run the task: with async, or if it is delegated to a host that is not local.

Every module has a file of its name in plugins/action. (Not one plugin for all of them with plugin_routing: Ansible
would then import the libraries again in the process of every task, instead of once for the entire run.)
"""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible import constants
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.common.text.converters import to_text
from ansible.plugins.action import ActionBase
from ansible.release import __version__

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsError, AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._common.wording import calling
from ansible_collections.panw.airs.plugins.module_utils._engine.masking import remove_values
from ansible_collections.panw.airs.plugins.module_utils._engine.module import CENSORED, ModuleSpec
from ansible_collections.panw.airs.plugins.module_utils._engine.run import (
    access_token,
    holds_secret,
    require_hidden_secret,
    run,
)
from ansible_collections.panw.airs.plugins.module_utils._engine.session import Session
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime
from ansible_collections.panw.airs.plugins.plugin_utils._folders import start_of_paths, working_in
from ansible_collections.panw.airs.plugins.plugin_utils._plain import plain
from ansible_collections.panw.airs.plugins.plugin_utils._vault import VaultCipher

#: Sessions of the loop that runs in this process, the secrets in their answers, and the task they belong to.
_sessions: dict[str, Session] = {}
_learnt: set[str] = set()
_owner: list[str] = []
#: Whether Ansible itself shows a message of several lines as such.
_SHOWS_LINES = tuple(map(int, __version__.split(".")[:2])) >= (2, 19)
_COLLECTION = "panw.airs"
#: Ansible's home folder.
_HOME = str(constants.config.get_config_value("ANSIBLE_HOME"))

# What Ansible and the libraries have loaded by now stays until the end. Not to look for garbage in it again spares the
# memory of the process of each task, and Ansible a sixth of a short run: Python looks through everything as it exits.
gc.freeze()


class ModuleAction(ActionBase):
    """Runs a module of the collection in this process; the plugin of each module says which."""

    spec: ModuleSpec

    _supports_check_mode = True
    _supports_async = True
    #: Variables of the environment that a module on another machine gets as options instead.
    _withheld: frozenset[str] = frozenset()

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task's module.

        Args:
            tmp: unused.
            task_vars: variables of the host.

        Returns:
            The result of the task.

        Raises:
            AnsibleActionFail: the options are not those of the module.
        """
        result: dict[str, Any] = super().run(tmp, task_vars)
        spec = self.spec
        environment: dict[str, Any] = {}
        if any(self._task.environment or ()):
            self._compute_environment_string(environment)
        start = start_of_paths(self._loader.get_basedir())
        names = self._names_of_options()
        with _environment(environment), working_in(start), self._modules_in(start), calling(names):
            if self._task.async_val or self._is_remote():
                result.update(self._run_as_module(spec, task_vars))
            else:
                result.update(self._run_here(spec))
        if result.get("failed") and not self._task.no_log and not result.get(CENSORED):
            self._show_lines(str(result.get("msg", "")).splitlines())
        if result.get(CENSORED):
            if result.get("failed") and not self._task.no_log:
                # The result is hidden for what was made, and with it what failed; a message holds no secret.
                self._show(result["msg"])
            # Up to ansible-core 2.18 the result of a whole loop, which callbacks get besides those of its items, is
            # hidden only where a task says no_log.
            self._task.no_log = True
        return result

    def _compute_environment_string(self, raw_environment_out: dict[str, Any] | None = None) -> str:
        """Return the task's environment as a command prefix, without what went into options: it may be secret."""
        variables: dict[str, Any] = {}
        super()._compute_environment_string(variables)
        variables = {name: value for name, value in variables.items() if name not in self._withheld}
        if raw_environment_out is not None:
            raw_environment_out.clear()
            raw_environment_out.update(variables)
        prefix: str = self._connection._shell.env_prefix(**variables)
        return prefix

    def _names_of_options(self) -> dict[str, str]:
        """Return the variables that options are known as: those that a role of this collection takes them from."""
        role, given = self._task._role, self._task.get_ds()
        if role is None or role._role_collection != _COLLECTION or not isinstance(given, Mapping):
            return {}
        return variables_of(role._role_name, given.get(f"{_COLLECTION}.{self.spec.name}"))

    @contextlib.contextmanager
    def _modules_in(self, folder: str) -> Iterator[None]:
        """Let real modules on this machine work in a folder; Ansible runs them in that of its loader."""
        before = self._loader.get_basedir()
        self._loader.set_basedir(folder)
        try:
            yield
        finally:
            self._loader.set_basedir(before)

    def _is_remote(self) -> bool:
        return bool(self._task.delegate_to) and self._connection.transport != "local"

    def _run_here(self, spec: ModuleSpec) -> dict[str, Any]:
        options, _secrets = self._validated(spec)
        runtime = Runtime(
            token_folder=constants.DEFAULT_LOCAL_TMP,
            recovery_folder=_HOME,
            hides_secrets=True,
            sessions=self._loop_sessions(),
            learnt=_learnt,
            say=self._say,
            vault=functools.partial(VaultCipher, self._loader),
        )
        return run(spec, options, check_mode=self._task.check_mode, diff_mode=self._task.diff, runtime=runtime)

    def _say(self, line: str) -> None:
        """Show how far the task is, on standard error: standard output belongs to the callback, and may be parsed."""
        if not self._task.no_log and _shows_what_goes_well():
            self._show(line)

    def _show(self, line: str) -> None:
        self._display.display(f"{self._task.action.rpartition('.')[2]}: {line}", stderr=True)

    def _show_lines(self, lines: Sequence[str]) -> None:
        """Show a message of several lines as it is, where Ansible writes it as one, or not at all."""
        if len(lines) > 1 and (not _SHOWS_LINES or self._task.failed_when):
            for line in lines:
                self._display.display(line, stderr=True)

    def _validated(self, spec: ModuleSpec) -> tuple[dict[str, Any], set[str]]:
        """Return the options as AnsibleModule would make them, and the values among them that are secret."""
        # Plain values: Ansible's own carry tags that serializers and libraries stumble over.
        try:
            return spec.validated(plain(self._task.args))
        except AirsInputError as error:
            message = error.message
        # Not within the block above: ansible-core 2.16 would show where this comes from, as if it were a fault of ours.
        raise AnsibleActionFail(message)

    def _loop_sessions(self) -> dict[str, Session]:
        """Return the sessions of earlier items of this loop. With until, every attempt must query the service again."""
        task = str(self._task._uuid)
        if _owner != [task] or self._task.until:
            _sessions.clear()
            _learnt.clear()
            _owner[:] = [task]
        return _sessions

    def _run_as_module(self, spec: ModuleSpec, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Run the real module where the task is sent. It gets an access token, never the client secret."""
        options, secrets = self._validated(spec)
        relative = _relative_paths(spec, options) if self._connection.transport != "local" else []
        if relative:
            return {
                "failed": True,
                "msg": "Relative paths are not supported on another host: use absolute paths for "
                f"{' and '.join(relative)}. Nothing was changed.",
            }
        if self._task.async_val:
            try:
                require_hidden_secret(spec, options, check_mode=self._task.check_mode, hidden=True, job=True)
            except AirsError as error:
                return {"failed": True, "msg": error.message}
        # What this controller takes from its environment, the other machine does not have.
        fallbacks = {name: entry["fallback"][1] for name, entry in spec.options.items() if entry.get("fallback")}
        self._withheld = frozenset(variable for variables in fallbacks.values() for variable in variables)
        inherited = {name: options[name] for name in fallbacks}
        arguments = {**self._task.args, **{name: value for name, value in inherited.items() if value is not None}}
        if arguments.pop("client_secret", None):
            runtime = Runtime(token_folder=constants.DEFAULT_LOCAL_TMP)
            try:
                arguments["access_token"] = access_token(options, runtime)
            except AirsError as error:
                failed: dict[str, Any] = {"failed": True, "msg": error.message, "failure": error.failure()}
                return remove_values(failed, secrets | runtime.learnt)  # type: ignore[no-any-return]  # a dict, as what went in
        # The module refuses to return a secret in the clear; here its result can be censored.
        censor = spec.returns_secret(options)
        no_log = self._task.no_log
        # Without a log on that machine, too, where options may hold secrets that Ansible does not know to be some.
        self._task.no_log = no_log or censor or any(options[name] for name in spec.hidden_options)
        try:
            made: dict[str, Any] = self._execute_module(
                module_name=f"panw.airs.{spec.name}",
                module_args=arguments,
                task_vars=task_vars,
                wrap_async=bool(self._task.async_val),
            )
        finally:
            self._task.no_log = no_log
        if censor and (not made.get("failed") or holds_secret(made)):
            made[CENSORED] = True
        return made


def variables_of(role: str, arguments: Any) -> dict[str, str]:
    """Return the variable of a role that each option of a task is made of, the first where there are several.

    Args:
        role: name of the role.
        arguments: what the task of the role says, not rendered: text of this collection, and of nobody else.
    """
    variable = re.compile(rf"\b(?:{role}_\w+|airs_secret_sink\.\w+)")
    templates = arguments.items() if isinstance(arguments, Mapping) else ()
    found = {str(name): variable.search(str(template)) for name, template in templates}
    return {name: match[0] for name, match in found.items() if match}


def _relative_paths(spec: ModuleSpec, options: Mapping[str, Any]) -> list[str]:
    """Return the names of options whose paths are relative."""
    paths = [name for name, entry in spec.options.items() if "path" in (name, entry["type"]) and options[name]]
    return [name for name in paths if not os.path.isabs(os.path.expanduser(options[name]))]


def _shows_what_goes_well() -> bool:
    """Tell whether the output is for eyes that want to see more than failures."""
    callback = constants.DEFAULT_STDOUT_CALLBACK
    try:
        shown = constants.config.get_config_value("display_ok_hosts", plugin_type="callback", plugin_name=callback)
    except AnsibleError:
        return False  # such as a callback that writes JSON
    return bool(shown)


@contextlib.contextmanager
def _environment(variables: Mapping[str, Any]) -> Iterator[None]:
    """Put the task's environment over this process's, which belongs to this task alone."""
    if not variables:
        yield
        return
    before = dict(os.environ)
    os.environ.update({str(key): to_text(value) for key, value in variables.items()})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
