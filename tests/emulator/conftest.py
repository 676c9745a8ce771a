# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One emulator for all tests of a pytest worker, back at its start before each of them."""

from __future__ import annotations

import pytest
from support.emulator import OTHER_ACCOUNT, Emulator
from support.fixtures import emulator, running_emulator
from support.raw_api import RawApi

__all__ = ["api", "emulator", "other_api", "running_emulator"]


@pytest.fixture
def api(emulator: Emulator) -> RawApi:
    """The management API as the service account of the first tenant uses it."""
    return RawApi(emulator)


@pytest.fixture
def other_api(emulator: Emulator) -> RawApi:
    """The same of the second tenant."""
    return RawApi(emulator, OTHER_ACCOUNT)
