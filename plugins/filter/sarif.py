# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Convert the drift report to the format of code scanning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.panw.airs.plugins.module_utils._tenant import sarif as form
from ansible_collections.panw.airs.plugins.plugin_utils._plain import plain
from ansible_collections.panw.airs.plugins.plugin_utils._trust import never_a_template


def sarif(report: Any) -> Any:
    """Return a drift report as SARIF 2.1.0, ready to be written as JSON.

    Args:
        report: the report of C(airs_tenant_drift_info).
    """
    return never_a_template(form.sarif(plain(report)))


class FilterModule:
    """The filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return it by its name."""
        return {"sarif": sarif}
