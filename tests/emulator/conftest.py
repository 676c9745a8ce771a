# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One emulator for all tests of a pytest worker, back at its start before each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.emulator import OTHER_ACCOUNT, Emulator
from support.raw_api import RawApi


@pytest.fixture(scope="session")
def process() -> Iterator[Emulator]:
    with Emulator.start() as emulator:
        yield emulator


@pytest.fixture
def emulator(process: Emulator) -> Emulator:
    process.reset()
    return process


@pytest.fixture
def api(emulator: Emulator) -> RawApi:
    """The management API as the service account of the first tenant uses it."""
    return RawApi(emulator)


@pytest.fixture
def other_api(emulator: Emulator) -> RawApi:
    """The same of the second tenant."""
    return RawApi(emulator, OTHER_ACCOUNT)
