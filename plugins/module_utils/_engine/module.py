# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definition of a module, independent of how it is run: a name, options, and a handler."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._common.errors import AirsInputError
from .._common.wording import called
from .masking import remove_values
from .option_faults import STUMBLES, option, option_faults
from .options import given_secrets, out_of_range, secret_variables, tidied
from .task import Task

#: What no path can have: it ends a text in the system, or is half of a character.
_NO_PATH = re.compile("[\\x00\\ud800-\\udc7f\\udd00-\\udfff]")
#: Key of a result that makes Ansible keep it from screen, callbacks and logs; `register` still has it.
CENSORED = "_ansible_no_log"


@dataclass(frozen=True)
class ModuleSpec:
    """A module, whichever door it is entered by.

    Args:
        name: its name, without the collection's.
        options: its options, connection included.
        handler: does the work and returns the result.
        constraints: what AnsibleModule takes besides the options, such as required_if.
        returns_secret: tells from the options whether the result may carry a secret that is the service's.
        hidden_options: options that results and logs do not repeat: large, or with secrets that no option names.
        repeating: options whose suboptions take the options of the module once more.
        needs_libraries: whether it cannot do anything without the third-party libraries.
    """

    name: str
    options: Mapping[str, dict[str, Any]]
    handler: Callable[[Task], dict[str, Any]]
    constraints: Mapping[str, Any] = field(default_factory=dict)
    returns_secret: Callable[[Mapping[str, Any]], bool] = lambda options: False
    hidden_options: tuple[str, ...] = ()
    repeating: tuple[str, ...] = ()
    needs_libraries: bool = True

    def documented_options(self) -> dict[str, dict[str, Any]]:
        """Return the options as they are documented: what is repeated is described once, where it is an option itself.

        The documentation has to agree with what AnsibleModule is given, so this is what it is given.
        """
        options = dict(self.options)
        for name in self.repeating:
            parts = {part: {"type": spec["type"]} for part, spec in options[name]["options"].items()}
            options[name] = {**options[name], "options": parts}
        return options

    def completed(self, taken: Mapping[str, Any]) -> dict[str, Any]:
        """Return options that AnsibleModule has taken, with those that it could not look into validated, too.

        Raises:
            AirsInputError: something is wrong with these; the message has no secret.
        """
        repeated = {name: taken[name] for name in self.repeating if taken[name] is not None}
        validated, _secrets, faults = validate({name: self.options[name] for name in repeated}, repeated)
        options = {**tidied(self.options, taken), **validated}
        faults += out_of_range(options)
        if faults:
            raise AirsInputError(f"{self.name}: {'; '.join(faults)}")
        return options

    def invocation(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return how results tell what the module was called with; what is not set is left out, which costs nothing."""
        given = {name: value for name, value in options.items() if value is not None}
        hidden = [name for name in self.hidden_options if name in given]
        return {"module_args": {**given, **dict.fromkeys(hidden, "(not repeated here)")}}

    def validated(self, given: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
        """Return options as AnsibleModule would make them, and the values among them that are secret.

        Args:
            given: options as a task gives them, plain values.

        Raises:
            AirsInputError: they are not those of the module; the message has no secret.
        """
        options, secrets, faults = validate(self.options, given, self.constraints)
        if faults:
            # Once more, under the names by which the user knows the options.
            specs, known = ({called(name): each for name, each in options.items()} for options in (self.options, given))
            faults = validate(specs, known, _called_all(self.constraints))[2]
        faults += out_of_range(options)
        if faults:
            raise AirsInputError(f"{self.name}: {'; '.join(faults)}")
        return options, secrets


def _called_all(constraints: Any) -> Any:
    """Return constraints with options as they are called."""
    if isinstance(constraints, Mapping):
        return {name: _called_all(each) for name, each in constraints.items()}
    if isinstance(constraints, (list, tuple)):
        return [_called_all(each) for each in constraints]
    return called(constraints) if isinstance(constraints, str) else constraints


def validate(
    specs: Mapping[str, dict[str, Any]], given: Mapping[str, Any], constraints: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], set[str], list[str]]:
    """Validate options by Ansible's own means.

    Args:
        specs: argument_spec entries.
        given: options as a user gives them, plain values.
        constraints: what AnsibleModule takes besides the options, such as required_if.

    Returns:
        The options with defaults and fallbacks, the values among them that are secret, and what is wrong with them,
        without secrets.
    """
    try:
        checked = ArgumentSpecValidator(dict(specs), **(constraints or {})).validate(dict(given))
    except STUMBLES as error:
        # Ansible stumbles over some odd values, such as a number in a list that is to be a dictionary.
        secrets = given_secrets(specs, given)
        return {}, secrets, [remove_values(fault, secrets) for fault in option_faults(specs, given, [error])]
    options = tidied(specs, checked.validated_parameters)
    secrets = set(checked._no_log_values) | given_secrets(specs, options)
    faults = [remove_values(fault, secrets) for fault in option_faults(specs, given, checked.errors.errors)]
    faults += _odd_values(specs, given, secrets)
    return options, secrets, faults


def _odd_values(specs: Mapping[str, dict[str, Any]], given: Any, secrets: set[str]) -> Iterator[str]:
    """Yield a fault for every value, at any depth, that Ansible takes and nobody can mean."""
    for key, value in given.items() if isinstance(given, Mapping) else ():
        name, spec = option(specs, key)
        for part in value if isinstance(value, list) else [value]:
            yield from _odd_values(spec.get("options", {}), part, secrets)
            if "path" in (spec.get("type"), spec.get("elements")) and isinstance(part, str):
                yield from _odd_path(name, part, secrets)
        # A list of words that are known, such as kinds, may be given so.
        texts = spec.get("elements") == "str" and "choices" not in spec
        if texts and isinstance(value, str) and "," in value:
            # Ansible would cut a sentence there.
            yield f"{name} is a string with commas, which might be part of a value: use a list of quoted strings"


def _odd_path(name: str, path: str, secrets: set[str]) -> Iterator[str]:
    """Yield a fault for a path that can be none, or that shows a secret in the place of a variable."""
    for variable in secret_variables(path, secrets):
        yield f"{name} refers to the environment variable {variable}, which contains a secret, and paths are not hidden"
    if _NO_PATH.search(path):
        yield f"{name} contains a character that is not allowed in paths"
