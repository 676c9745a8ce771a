# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What plugins that are no modules have in common: connection options, as the modules have them, and a session.

The options are documented in panw.airs.plugin_connection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible import constants

from ansible_collections.panw.airs.plugins.module_utils._engine.options import CONNECTION_OPTIONS
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
    return {name: plain(plugin.get_option(name)) for name in CONNECTION_OPTIONS}


def open_session(options: Mapping[str, Any]) -> Session:
    """Return a session that shares the access token with the tasks of this run.

    Args:
        options: the connection options.

    Raises:
        AirsError: a library is missing, or the options are incomplete or unsafe.
    """
    return connect(options, Runtime(token_folder=constants.DEFAULT_LOCAL_TMP))
