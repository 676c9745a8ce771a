# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Relative paths are relative to the directory of the playbook, wherever Ansible was started."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

#: The playbooks of the collection, such as panw.airs.rotate: nobody has files of their own there.
_OURS = Path(__file__).resolve().parents[2] / "playbooks"
#: Paths of certificates that libraries take from the environment.
_OF_THE_SHELL = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def start_of_paths(playbook_dir: str) -> str:
    """Return the folder in which relative paths start: that of the playbook, as for C(src) of ansible.builtin.copy.

    With a playbook of the collection it is the one where Ansible was started.

    Args:
        playbook_dir: what Ansible has in the variable of this name.
    """
    return os.getcwd() if Path(playbook_dir).resolve() == _OURS else os.path.abspath(playbook_dir)


@contextlib.contextmanager
def working_in(folder: str) -> Iterator[None]:
    """Let this process, which is that of one task, work in a folder. Paths of its environment stay the shell's."""
    before = os.getcwd()
    os.environ.update({name: os.path.abspath(os.environ[name]) for name in _OF_THE_SHELL if os.environ.get(name)})
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
