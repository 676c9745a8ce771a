# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator for each worker of pytest, as new for each test, and a controller that uses it."""

from __future__ import annotations

from support.fixtures import (
    controller,
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

__all__ = [
    "controller",
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
