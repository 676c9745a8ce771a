# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans that tests share: a key, options, and a corpus with one expectation that is not met."""

from __future__ import annotations

from typing import Any

from .emulator import JsonObject
from .tasks import CLEAN, INJECTION, scan

SCAN_KEY = "a-key-that-the-tests-know"
#: Options that do not make tests wait.
SOON: JsonObject = {"mode": "async", "poll_interval": 0.2}
YAML = f"""\
- {{prompt: '{CLEAN}', action: allow}}
- {{prompt: '{INJECTION}', action: block}}
- {{name: last, prompt: '{INJECTION}', expect: {{action: allow}}}}
"""


def bot(name: str, **options: Any) -> JsonObject:
    """A scan with the profile, in a task that may fail."""
    return scan(name, {"profile_name": "bot", **options}, ignore_errors=True)
