# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of tests that run playbooks: an emulator, as new for each test, a controller that uses it, and such."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .emulator import Emulator
from .playbook import Controller
from .tenant import Tenant


@pytest.fixture(scope="session")
def running_emulator() -> Iterator[Emulator]:
    """The emulator of this worker."""
    with Emulator.start() as emulator:
        yield emulator


@pytest.fixture
def emulator(running_emulator: Emulator) -> Emulator:
    """The emulator, back at its default seed."""
    running_emulator.reset()
    return running_emulator


@pytest.fixture
def controller(emulator: Emulator, tmp_path: Path) -> Controller:
    """A controller whose environment has the credentials and URLs of the emulator."""
    controller = Controller(tmp_path)
    controller.use(emulator)
    return controller


@pytest.fixture
def tenant(emulator: Emulator) -> Tenant:
    """What the emulator holds."""
    return Tenant(emulator)


@pytest.fixture
def secret_dir(controller: Controller) -> Path:
    """A folder for secrets."""
    folder = controller.folder / "secrets"
    folder.mkdir(parents=True)
    return folder
