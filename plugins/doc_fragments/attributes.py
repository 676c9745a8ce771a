# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of the modules."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of what all modules have in common."""

    DOCUMENTATION = r"""
notes:
  - Relative paths start in the folder of the playbook, as C(src) of C(ansible.builtin.copy) does, wherever Ansible was
    started. With a playbook of this collection, such as C(panw.airs.rotate), they start where Ansible was started. On
    another machine, where a task is delegated to, paths must be absolute.
attributes:
  check_mode:
    description: Can run in check mode and predicts the result without changing anything.
  diff_mode:
    description: Returns details on what has changed or would change, when in diff mode.
  idempotent:
    description: Run again with the same options, it changes nothing.
  async:
    description: Supports being run with C(async).
    support: full
  action:
    description: Runs in the controller and needs neither a connection to a target nor Python on it.
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
    details: Changes nothing, in check mode or not.
  diff_mode:
    support: N/A
    details: Changes nothing.
  idempotent:
    support: full
"""
