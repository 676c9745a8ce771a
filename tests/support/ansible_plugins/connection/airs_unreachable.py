# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to a machine that nobody may connect to: whoever tries fails."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import ConnectionBase

DOCUMENTATION = r"""
name: airs_unreachable
short_description: A machine that cannot be reached, for tests
description:
  - Fails whatever is asked of it.
author: panw.airs contributors
options: {}
"""


class Connection(ConnectionBase):
    """A connection that cannot be made."""

    transport = "airs_unreachable"
    has_pipelining = False

    def _connect(self) -> Any:
        raise AnsibleConnectionFailure("somebody connected to the unreachable host")

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> Any:
        """Fail."""
        return self._connect()

    def put_file(self, in_path: str, out_path: str) -> None:
        """Fail."""
        self._connect()

    def fetch_file(self, in_path: str, out_path: str) -> None:
        """Fail."""
        self._connect()

    def close(self) -> None:
        """There is nothing to close."""
