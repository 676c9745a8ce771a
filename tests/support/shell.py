# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run what a user types in a shell. C(ansible-playbook) is a fork of the test's process there: C(support.fork)."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .fork import ForkingController, forked
from .playbook import Run, checked, events

#: Takes the place of C(ansible-playbook): sends what it was asked for to the test, prints the answer.
_STAND_IN = """\
#!{python} -SE
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as door:
    door.connect({door!r})
    door.sendall(json.dumps([sys.argv, os.getcwd(), dict(os.environ)]).encode() + b"\\n")
    code, printed = json.loads(door.makefile().readline())
sys.stdout.write(open(printed, encoding="utf-8", errors="replace").read())
sys.exit(code)
"""
_SHELL = ("bash", "--noprofile", "--norc")


class Shell(ForkingController):
    """A controller with a shell, in a folder of its own, where the collection is installed as a user installs it."""

    def type(self, commands: Sequence[str], time_limit: float = 120) -> list[tuple[int, str]]:
        """Run commands until one fails, and return the exit code of each that ran with all that it printed.

        Asserts that no secret is shown. C(time_limit) is in seconds, for each run of Ansible.
        """
        record, output, programs = (self.folder / name for name in ("record", "output", "programs"))
        record.touch()
        programs.mkdir(exist_ok=True)
        environment = self._environment(record, {})
        environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
        installed = self.home / "collections"
        if not installed.is_symlink():
            installed.symlink_to(os.environ["AIRS_COLLECTIONS_PATH"], target_is_directory=True)
        script = "".join(
            f"{command}\ncode=$?; echo; echo {_END} $code; [ $code = 0 ] || exit\n" for command in commands
        )
        # The name of a socket must be short.
        with (
            tempfile.TemporaryDirectory() as short,
            socket.socket(socket.AF_UNIX) as door,
            output.open("wb") as printed,
        ):
            door.bind(f"{short}/door")
            door.listen()
            door.settimeout(0.05)
            stand_in = programs / "ansible-playbook"
            stand_in.write_text(_STAND_IN.format(python=sys.executable, door=f"{short}/door"), encoding="utf-8")
            stand_in.chmod(0o700)
            shell = subprocess.Popen(
                [*_SHELL, "-c", script], cwd=self.work, env=environment, stdout=printed, stderr=subprocess.STDOUT
            )
            while shell.poll() is None:
                self._serve(door, time_limit)
        text = output.read_text(encoding="utf-8", errors="replace")
        checked(Run(shell.returncode, text, events(record), self.work, self.home))
        return _ended(text)

    @property
    def work(self) -> Path:
        """The folder in which the shell starts."""
        folder = self.folder / "work"
        folder.mkdir(exist_ok=True)
        return folder

    def _serve(self, door: socket.socket, time_limit: float) -> None:
        """Be ansible-playbook once, if somebody asks for it soon."""
        try:
            caller, _address = door.accept()
        except TimeoutError:
            return
        with caller:
            command, folder, environment = json.loads(caller.makefile().readline())
            printed = self.folder / "printed"
            code = forked(command, Path(folder), environment, printed, time_limit)
            caller.sendall(json.dumps([code, str(printed)]).encode() + b"\n")


_END = "@@end"


def _ended(text: str) -> list[tuple[int, str]]:
    """Split the output of a script into exit codes and outputs of its commands."""
    ended = []
    first, *rest = text.split(f"{_END} ")
    for part in rest:
        code, _newline, following = part.partition("\n")
        ended.append((int(code), first))
        first = following
    return ended
