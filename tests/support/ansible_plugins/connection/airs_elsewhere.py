# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to "another machine": it is this one, but Ansible treats it as remote. Keeps all that passes through."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path
from typing import Any
from unittest import mock

from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = r"""
name: airs_elsewhere
short_description: Another machine, for tests
description:
  - Runs commands here. Keeps every command, input and file in the folder that E(AIRS_PARCELS) names.
author: panw.airs contributors
options: {}
"""


class Connection(LocalConnection):
    """A local connection under another name."""

    transport = "airs_elsewhere"

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> Any:
        """Run a command and keep it, its input and its output."""
        # Another machine does not have the controller's environment.
        with mock.patch.dict(os.environ):
            for name in [name for name in os.environ if name.startswith("PANW_")]:
                del os.environ[name]
            answer = super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        parcel = [f"{cmd}\n".encode(), in_data or b"", *(part for part in answer if isinstance(part, bytes))]
        _parcel().write_bytes(b"\n".join(parcel))
        return answer

    def put_file(self, in_path: str, out_path: str) -> None:
        """Send a file and keep a copy of it."""
        shutil.copyfile(in_path, _parcel())
        super().put_file(in_path, out_path)


def _parcel() -> Path:
    return Path(os.environ["AIRS_PARCELS"], uuid.uuid4().hex)
