# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Sphinx project of the documentation site. ``nox -s docs`` builds it; nothing is fetched from the network."""

from __future__ import annotations

import tempfile
import zlib
from pathlib import Path
from typing import Any

#: Where Ansible's own documentation has what the generated pages refer to, by role and name.
ANSIBLE_PAGES = {
    "label": {
        "action_plugins": "plugins/action.html",
        "ansible_configuration_settings": "reference_appendices/config.html",
        "common_return_values": "reference_appendices/common_return_values.html",
        "module_defaults_groups": "playbook_guide/playbooks_module_defaults.html#module-defaults-groups",
    },
    "envvar": {
        name: f"reference_appendices/config.html#envvar-{name}"
        for name in (
            "ANSIBLE_CACHE_PLUGIN",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION",
            "ANSIBLE_CACHE_PLUGIN_PREFIX",
            "ANSIBLE_CACHE_PLUGIN_TIMEOUT",
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED",
        )
    },
}


def ansible_inventory() -> str:
    """Write an intersphinx inventory of these pages, so that Ansible's own need not be fetched; returns its path."""
    entries = "".join(
        f"{name} std:{role} -1 {page} {name}\n" for role, pages in ANSIBLE_PAGES.items() for name, page in pages.items()
    )
    head = b"# Sphinx inventory version 2\n# Project: Ansible\n# Version: devel\n# zlib-compressed by zlib\n"
    inventory = Path(tempfile.mkdtemp(prefix="airs-docs-")) / "ansible.inv"
    inventory.write_bytes(head + zlib.compress(entries.encode()))
    return str(inventory)


def complete_source(app: Any, document: str, source: list[str]) -> None:
    """List what antsibull-docs has written a page for in the navigation of the site, by short names."""
    if document == "index":
        for kind in ("module", "inventory", "lookup", "filter", "role"):
            pages = Path(app.srcdir, "collection").glob(f"*_{kind}.rst")
            names = sorted(page.stem.removesuffix(f"_{kind}") for page in pages)
            entries = (f"{name} <collection/{name}_{kind}>" for name in names)
            source[0] = source[0].replace(f"@{kind}@", "\n   ".join(entries))
    if document == "collection/index":
        # Its lists are those of the navigation: it is a page besides, not a level between.
        source[0] = f":orphan:\n\n{source[0]}"


def setup(app: Any) -> None:
    """Let Sphinx call what is needed."""
    app.connect("source-read", complete_source)


project = "panw.airs"
copyright = "2026, the panw.airs contributors"  # noqa: A001  # Sphinx wants this name
html_title = "panw.airs documentation"
html_short_title = "panw.airs"

extensions = ["sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/projects/ansible/devel/", ansible_inventory())}

pygments_style = "ansible"
highlight_language = "YAML+Jinja"
default_role = "any"
nitpicky = True

html_theme = "sphinx_ansible_theme"
html_static_path = ["static"]
html_css_files = ["narrow.css"]
html_theme_options = {"topbar_links": {}}
html_show_sphinx = False
html_use_index = False
html_copy_source = False
