# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DLP profiles, which define what data leak detection searches for. They are read-only here."""

from __future__ import annotations

from .._engine.info import info_module
from .registry import DLP_PROFILE

DLP_PROFILE_INFO_MODULE = info_module(DLP_PROFILE)
