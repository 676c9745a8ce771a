# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scans as playbooks do them: contents and corpora, now and later, results, reports and the log."""

from __future__ import annotations

from pathlib import Path

from support.emulator import Emulator
from support.playbook import ELSEWHERE, Controller
from support.scans import SOON, YAML, bot


def test_both_doors_give_the_same(scanning: Controller, emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "corpus.yml").write_text(YAML)
    options = {"corpus": str(tmp_path / "corpus.yml"), "min_accuracy": 0.5}
    run = scanning.play(
        bot("here", **options),
        bot("here later", **options, **SOON),
        {**bot("elsewhere", **options), "delegate_to": "other"},
        {**bot("elsewhere later", **options, **SOON), "delegate_to": "other"},
        inventory=ELSEWHERE,
    )
    for name in ("", " later"):
        here, there = run[f"here{name}"], run[f"elsewhere{name}"]
        assert there["summary"] == here["summary"]
        shown = [[(row["name"], row["action"], row["unmet"]) for row in result["scans"]] for result in (here, there)]
        assert shown[0] == shown[1] != []
