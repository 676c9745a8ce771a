# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the same engine as the action plugin in a real module, wherever Ansible runs modules."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .._common.errors import AirsInputError
from .module import CENSORED, ModuleSpec
from .run import run
from .task import Runtime


def run_module(spec: ModuleSpec) -> None:
    """Run a module and leave the process with its result.

    Args:
        spec: the module.
    """
    module = AnsibleModule(argument_spec=spec.documented_options(), supports_check_mode=True, **spec.constraints)
    # The token stays in memory: this machine may be anybody's.
    runtime = Runtime(hides_secrets=bool(module.no_log))
    try:
        options = spec.completed(module.params)
    except AirsInputError as error:
        module.fail_json(msg=error.message)
    result = run(spec, options, check_mode=module.check_mode, diff_mode=module._diff, runtime=runtime)
    result.pop(CENSORED, None)  # only a door inside the controller can ask for that
    for warning in result.pop("warnings", []):
        module.warn(warning)
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)
