# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are killed at random moments, and the runs after them, which have to put all right: C(make chaos)."""

from __future__ import annotations

# First of all: what is killed takes the collection from where this finds it.
from conftest import COLLECTIONS_PATH

__all__ = ["COLLECTIONS_PATH"]
