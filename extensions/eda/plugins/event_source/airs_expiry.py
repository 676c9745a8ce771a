# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source for ansible-rulebook: API keys that are about to expire, and drift."""

from __future__ import annotations

DOCUMENTATION = r"""
short_description: Receive events for expiring API keys and drift
description:
  - Polls a tenant and sends an event when an API key is about to expire, has expired, was revoked, or is valid again,
    and when drift appears or disappears.
  - An event is sent once for each change, not with every poll. After a restart of ansible-rulebook, events for existing
    problems are sent again.
  - Failed polls are sent as events, too. They do not stop the source; only invalid arguments do, when it starts.
  - Events do not contain secrets.
options:
  interval:
    description: Number of seconds between two polls.
    type: float
    default: 3600
  jitter:
    description:
      - Fraction of O(interval) by which the pause is randomly lengthened or shortened, so that several sources do not
        query the service at the same time. V(0.1) is 10 percent.
    type: float
    default: 0.1
  expires_within:
    description:
      - Number of days before its expiration from which an API key is reported as about to expire.
      - If omitted, 30 days or a third of the lifetime of the key are used, whichever is less.
    type: int
  drift:
    description:
      - Whether to check for security profiles that enforce an older revision of a topic than the latest.
    type: bool
    default: true
  config_path:
    description:
      - Path to a configuration file or directory, as for the module panw.airs.airs_tenant. Everything that the module
        would change is reported as drift.
    type: path
  client_id:
    description: Client ID of the service account. If omitted, E(PANW_CLIENT_ID) is used.
    type: str
  client_secret:
    description: Client secret of the service account. If omitted, E(PANW_CLIENT_SECRET) is used.
    type: str
  tsg_id:
    description: ID of the tenant service group (TSG). If omitted, E(PANW_TSG_ID) is used.
    type: str
  access_token:
    description: >-
      Access token to use instead of a service account. If omitted, E(PANW_ACCESS_TOKEN) is used. It is not renewed.
    type: str
  base_url:
    description: Base URL of the management API. If omitted, E(PANW_BASE_URL) is used.
    type: str
  token_base_url:
    description: URL of the token endpoint. If omitted, E(PANW_TOKEN_BASE_URL) is used.
    type: str
  num_retries:
    description: Maximum number of retries for a failed request.
    type: int
    default: 3
  timeout:
    description: Number of seconds to wait for a response.
    type: int
    default: 30
  validate_certs:
    description: Whether to validate TLS certificates.
    type: bool
    default: true
  ca_path:
    description: Path to a file with trusted CA certificates.
    type: path
notes:
  - The Python environment that runs ansible-rulebook needs ansible-core and the requirements of the collection.
  - "An event is a dictionary C(airs) with C(type), C(state), and C(unsafe_name)."
  - C(unsafe_name) is true if a name or another string in the event contains characters that a template or a terminal
    would interpret. Exclude such events from rules that do more with a name than compare it. Never pass names as extra
    variables, because extra variables are evaluated as templates.
  - "C(type: api_key), C(state) expiring, expired, revoked, or valid: C(name), C(customer_app), C(deployment_profile),
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
