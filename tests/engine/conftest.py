# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixtures of tests that run playbooks, with a controller that runs tasks in the test's own process."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.emulator import Emulator
from support.engine import Engine
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
from support.odd_files import odd

__all__ = [
    "emulator",
    "odd",
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
def controller(emulator: Emulator, tmp_path: Path) -> Engine:
    """An engine whose environment has the credentials and URLs of the emulator."""
    engine = Engine(tmp_path)
    engine.use(emulator)
    return engine
