# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events of Prisma AIRS for ansible-rulebook: API keys that are about to expire, and drift."""

from __future__ import annotations

DOCUMENTATION = r"""
short_description: Events for API keys of Prisma AIRS that are about to expire, and for drift
description:
  - Looks at a tenant again and again, and gives an event when an API key is about to expire, has expired, was revoked
    or is valid again, and when something is no longer, or is again, as it should be.
  - An event comes once for each change, not at each look. After a restart of ansible-rulebook, what is not as it should
    be comes once more.
  - Looks that fail are events too. They do not end the source; only arguments that cannot be right do, at the start.
  - Events have no secrets.
options:
  interval:
    description: Seconds between two looks.
    type: float
    default: 3600
  jitter:
    description:
      - Part of O(interval) by which the pause is longer or shorter, by chance, so that several watchers do not ask the
        service at the same time. V(0.1) is 10 percent.
    type: float
    default: 0.1
  expires_within:
    description:
      - How many days before its expiry a key counts as about to expire.
      - 30 days if omitted, or a third of the key's life where that is less.
    type: int
  drift:
    description:
      - Whether to look for security profiles that enforce an older revision of a topic than the newest.
    type: bool
    default: true
  config_path:
    description:
      - A file or directory as the module panw.airs.airs_tenant takes it. What it would change is drift.
    type: path
  client_id:
    description: Id of the service account; E(PANW_CLIENT_ID) when left out.
    type: str
  client_secret:
    description: Its secret; E(PANW_CLIENT_SECRET) when left out.
    type: str
  tsg_id:
    description: Id of the tenant; E(PANW_TSG_ID) when left out.
    type: str
  access_token:
    description: A token, instead of the service account; E(PANW_ACCESS_TOKEN) when left out. It is not renewed.
    type: str
  base_url:
    description: URL of the management API; E(PANW_BASE_URL) when left out.
    type: str
  token_base_url:
    description: URL that gives tokens; E(PANW_TOKEN_BASE_URL) when left out.
    type: str
  num_retries:
    description: How often a request is repeated.
    type: int
    default: 3
  timeout:
    description: Seconds to wait for an answer.
    type: int
    default: 30
  validate_certs:
    description: Whether the certificate of the service is checked.
    type: bool
    default: true
  ca_path:
    description: File with the certificates of the authorities to trust.
    type: path
notes:
  - The Python that runs ansible-rulebook needs ansible-core and the libraries of the collection.
  - "An event is a dictionary under C(airs), with C(type), C(state) and C(unsafe_name)."
  - C(unsafe_name) is true where a name, or another text in the event, has what a template or a terminal takes for
    something else. Leave such events out of rules that do more with a name than compare it. In no case make extra
    variables of names, for these are templates.
  - "C(type: api_key), C(state) expiring, expired, revoked or valid: C(name), C(customer_app), C(deployment_profile),
    C(last8), C(expiration), C(days_left), C(reason) expiring, unreadable_expiry, revoked or empty, C(tsg_id)."
  - "C(type: drift), C(state) drifted or clean: C(reason) stale_topics or config, C(kind), C(name), C(tsg_id), of stale
    topics C(topics) with C(name), C(pinned) and C(newest), of a configuration C(action), C(fields) and C(error)."
  - "C(type: error), C(state) failing or recovered: C(what) api_keys, stale_topics or config, C(message), C(failure)."
"""

EXAMPLES = r"""
- name: Watch a tenant
  hosts: localhost
  sources:
    - panw.airs.airs_expiry:
        interval: 3600
        expires_within: 14
  rules:
    - name: A key is about to expire
      condition: >-
        event.airs.type == "api_key" and event.airs.state == "expiring" and not event.airs.unsafe_name
      action:
        debug:
          msg: "{{ event.airs.name }} expires in {{ event.airs.days_left }} days"
"""

import asyncio
import importlib
import sys
from pathlib import Path
from typing import Any

#: The folder that holds ansible_collections. Links are not followed: they may be what gives the folders their names.
_COLLECTIONS = Path(__file__).absolute().parents[7]


def _make_importable() -> None:
    """Let the collection be found: ansible-rulebook runs this file by its path, without Ansible's own finder.

    What is found without help goes first, such as another copy that this process already uses.
    """
    sys.path.append(str(_COLLECTIONS))
    try:
        importlib.import_module("ansible_collections.panw.airs.plugins.module_utils")
    except ImportError:
        # Other collections of a Python package may have taken the name.
        packages = importlib.import_module("ansible_collections")
        packages.__path__.append(str(_COLLECTIONS / "ansible_collections"))


_make_importable()

from ansible_collections.panw.airs.plugins.module_utils._tenant.watch import Watch


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Put events on a queue until the task is cancelled.

    Args:
        queue: gets the events.
        args: the options.

    Raises:
        AirsError: an option is missing or wrong.
    """
    watch = Watch(args)
    while True:
        # The looks wait for answers of the service; the loop of ansible-rulebook must not.
        for event in await asyncio.to_thread(watch.poll):
            await queue.put({"airs": event})
        await asyncio.sleep(watch.pause())
