# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of the modules."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation that all modules share."""

    DOCUMENTATION = r"""
notes:
  - Relative paths are relative to the directory of the playbook, regardless of the directory that Ansible was started
    in. With a playbook of this collection, such as C(panw.airs.rotate), they are relative to the directory that Ansible
    was started in. If the task is delegated to another host, paths must be absolute.
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying the target.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
  idempotent:
    description: When run twice in a row outside check mode with the same options, the second run reports no changes.
  async:
    description: Supports being used with the C(async) keyword.
    support: full
  action:
    description: Runs on the controller and requires neither a connection to the target nor Python on it.
    support: full
"""

    MANAGEMENT = r"""
attributes:
  action_group:
    description: Connection options can be set once for all modules with C(module_defaults) for C(group/panw.airs.airs).
    support: full
    membership:
      - panw.airs.airs
"""

    SCANS = r"""
attributes:
  action_group:
    description: >-
      Connection options can be set once for all modules of the scan API with C(module_defaults) for
      C(group/panw.airs.airs_scans).
    support: full
    membership:
      - panw.airs.airs_scans
"""

    WRITES = r"""
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

    READS = r"""
attributes:
  check_mode:
    support: full
    details: This module does not modify state.
  diff_mode:
    support: N/A
    details: This module does not modify state.
  idempotent:
    support: full
"""
