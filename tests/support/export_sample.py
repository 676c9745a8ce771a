# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the files that C(airs_tenant_export) makes of profiles that were seen live and of hostile texts.

For C(nox -s lint), which lets ansible-lint look at them: C(python export_sample.py FOLDER).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ansible_collections.panw.airs.plugins.module_utils._policy.export import exported
from ansible_collections.panw.airs.plugins.module_utils._tenant.export import files_of

_DATA = Path(__file__).parent / "data"
#: Texts with everything that YAML, a terminal or a linter takes for something.
HOSTILE_TEXTS = (
    *(
        "",
        " ",
        "  ",
        "\n",
        "\n\n\n\n",
        "\t",
        "\r\n",
        "-",
        "- x",
        "? x",
        ": x",
        "x: y",
        "x:",
        "x #y",
        "#x",
        "# x",
        "---",
    ),
    *("...", "%YAML 1.1", "@x", "`x`", "&x", "*x", "!x", "!!str x", "|", ">-", "{x", "}", "[x]", ",", "'x'", '"x"'),
    *("yes", "No", "ON", "y", "null", "~", "true", "012", "0o17", "0x1f", "1.10", "1e3", ".inf", "12:30:00", "\\"),
    *("2024-01-01", "=", "<<", "1_000", "{{ x }}", "{% x %}", "{{", "x\x00y", "\x1b[31m", "\x85", "\u2028", "\ufeffx"),
    *("\u202eabc", "\xa0", "a\xad", "日本語 ☃", "👩\u200d🚀", "x" * 200, "x " * 90, " " * 200, "x  y " * 40, "é" * 78),
    *("two\nlines", "two\nlines\n", "two\nlines\n\n", " two\nlines", "two \nlines", "\ttwo\nlines", "a\n  b\nc"),
    *("a\n" * 40, "a\n\n\n\nb", "a\n#b\n---\n", "- a\n- b\n", "word " * 30 + "end", "long " * 40 + "\n" + "long " * 40),
    *("x" * 90 + " " + "y" * 90, '"\\' * 60, "#" * 90, "https://example.com/" + "path/" * 20, "!vault |\n  1234\n"),
)


def main(folder: Path) -> None:
    """Write the files into a folder."""
    rows = [row for path in _DATA.glob("*.json") for row in json.loads(path.read_text(encoding="utf-8"))["ai_profiles"]]
    profiles = {row["profile_name"]: exported(row["policy"])[0] for row in rows}
    odd = {"policy": {text: [text, {text: text}] for text in HOSTILE_TEXTS}}
    topics = {text: {"description": text, "examples": [text, f"so {text}"]} for text in HOSTILE_TEXTS}
    config = {"security_profiles": {**profiles, "odd": odd}, "custom_topics": topics}
    entries = {kind: [{"name": name, **options} for name, options in named.items()] for kind, named in config.items()}
    for name, text in files_of(entries).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
