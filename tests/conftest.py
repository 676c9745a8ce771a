# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Let every test, and every Ansible process that a test starts, find the collection.

``AIRS_COLLECTIONS_PATH`` names a collections path that holds ``ansible_collections/panw/airs``, for instance the
built tarball as a user installs it. Without it the checkout itself is tested, through a link in a temporary tree:
Python and Ansible find a collection only in a folder of that name.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent
CHECKOUT = TESTS.parent


def _linked_tree() -> Path:
    """Make a collections path whose ``panw.airs`` is a link to the checkout; it is removed when the tests end."""
    tree = Path(tempfile.mkdtemp(prefix="panw-airs-"))
    atexit.register(shutil.rmtree, tree, ignore_errors=True)
    namespace = tree / "ansible_collections" / "panw"
    namespace.mkdir(parents=True)
    (namespace / "airs").symlink_to(CHECKOUT, target_is_directory=True)
    return tree


def _collections_path() -> Path:
    """Return the collections path that the tests use.

    :raises RuntimeError: if ``AIRS_COLLECTIONS_PATH`` is set but does not hold the collection; falling back to the
        checkout would report on other code than was asked for.
    """
    chosen = os.environ.get("AIRS_COLLECTIONS_PATH")
    if not chosen:
        return _linked_tree()
    path = Path(chosen).resolve()
    if not (path / "ansible_collections" / "panw" / "airs").is_dir():
        raise RuntimeError(f"AIRS_COLLECTIONS_PATH={chosen} does not hold ansible_collections/panw/airs")
    return path


COLLECTIONS_PATH = _collections_path()

# Set before any test imports Ansible, and inherited by the workers of pytest-xdist and by ansible-playbook,
# so that all of them test the same copy.
os.environ["AIRS_COLLECTIONS_PATH"] = str(COLLECTIONS_PATH)
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(COLLECTIONS_PATH)
for folder in (TESTS, COLLECTIONS_PATH):
    sys.path.insert(0, str(folder))
