# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark: ways to bring a tenant to what its configuration says, timed side by side (see README.md)."""

from __future__ import annotations

# First of all: the modules of the benchmark take the collection from where this finds it.
from conftest import COLLECTIONS_PATH

__all__ = ["COLLECTIONS_PATH"]
