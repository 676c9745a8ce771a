# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator for each worker of pytest, as new for each test, and a controller that uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.emulator import Emulator
from support.fixtures import (
    emulator,
    running_emulator,
    running_tls_emulator,
    scanning,
    secret_dir,
    secret_path,
    stored_key,
    tenant,
    tls_emulator,
    tls_files,
)
from support.fork import ForkingController
from support.playbook import Controller

__all__ = [
    "emulator",
    "running_emulator",
    "running_tls_emulator",
    "scanning",
    "secret_dir",
    "secret_path",
    "stored_key",
    "tenant",
    "tls_emulator",
    "tls_files",
]


@pytest.fixture
def controller(request: pytest.FixtureRequest, emulator: Emulator, tmp_path: Path) -> Controller:
    """A controller whose environment has the credentials and URLs of the emulator."""
    program = request.node.get_closest_marker("program")
    controller = Controller(tmp_path) if program else ForkingController(tmp_path)
    controller.use(emulator)
    return controller
