# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All modules of the collection by name, as their action plugins name them."""

from __future__ import annotations

import importlib
from pathlib import Path

from ansible_collections.panw.airs.plugins.module_utils._engine.module import ModuleSpec

_ACTIONS = Path(__file__).resolve().parents[2] / "plugins" / "action"


def _spec(name: str) -> ModuleSpec:
    plugin = importlib.import_module(f"ansible_collections.panw.airs.plugins.action.{name}")
    spec: ModuleSpec = plugin.ActionModule.spec
    return spec


MODULES: dict[str, ModuleSpec] = {path.stem: _spec(path.stem) for path in sorted(_ACTIONS.glob("airs_*.py"))}
