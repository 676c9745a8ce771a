# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection options and session of the plugins that are not modules, with the same options as the modules.

The options are documented in panw.airs.plugin_connection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible import constants

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsError
from ansible_collections.panw.airs.plugins.module_utils._common.wording import told
from ansible_collections.panw.airs.plugins.module_utils._engine.masking import remove_values
from ansible_collections.panw.airs.plugins.module_utils._engine.options import CONNECTION_OPTIONS, given_secrets, tidied
from ansible_collections.panw.airs.plugins.module_utils._engine.run import connect
from ansible_collections.panw.airs.plugins.module_utils._engine.session import Session
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime
from ansible_collections.panw.airs.plugins.plugin_utils._plain import plain


def variable_of(option: str) -> str:
    """Return the name of the Ansible variable that an option is taken from."""
    return f"ansible_airs_{option}"


def templated_variables(variables: Mapping[str, Any], template: Callable[[Any], Any]) -> dict[str, Any]:
    """Return those variables that hold connection options, templated: Ansible does not do it for plugins.

    Args:
        variables: all variables.
        template: evaluates one value.
    """
    names = [variable_of(option) for option in CONNECTION_OPTIONS]
    return {name: template(variables[name]) for name in names if name in variables}


def connection_options(plugin: Any) -> dict[str, Any]:
    """Return the connection options of a plugin whose options are set."""
    return tidied(CONNECTION_OPTIONS, {name: plain(plugin.get_option(name)) for name in CONNECTION_OPTIONS})


class Reader:
    """Reads with a session that shares the access token with the tasks of this run, and shows no secret.

    Args:
        options: the connection options.
        warn: shows a sentence.
        failure: makes an error of Ansible of a sentence.
    """

    def __init__(
        self, options: Mapping[str, Any], warn: Callable[[str], None], failure: Callable[[str], Exception]
    ) -> None:
        self._options = options
        self._warn = warn
        self._failure = failure
        self._runtime = Runtime(token_folder=constants.DEFAULT_LOCAL_TMP)

    def read(self, look: Callable[[Session], Any]) -> Any:
        """Return what a function gets of a session, and show what there is to note.

        Raises:
            Exception: it could not be read; of the kind that C(failure) makes.
        """
        try:
            session = connect(self._options, self._runtime)
            found = look(session)
        except AirsError as error:
            raise self._failure(self.without_secrets(error.message)) from None
        for note in told(session.notes):
            self._warn(self.without_secrets(note))
        return found

    def without_secrets(self, value: Any) -> Any:
        """Return a value without the secrets of the connection, or of answers."""
        return remove_values(value, self._runtime.learnt | given_secrets(CONNECTION_OPTIONS, self._options))
