# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of objects in the configuration of a tenant. Each is only imported if the configuration contains it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .._engine.module import ModuleSpec
from .._engine.options import MANAGEMENT_OPTIONS, OptionSpecs
from .._engine.reconcile import Reconciler
from .._kinds.registry import API_KEY, CUSTOM_TOPIC, CUSTOMER_APP, SECURITY_PROFILE
from .._service.resource import Resource


@dataclass(frozen=True)
class Kind:
    """A kind of object that a tenant's configuration may hold.

    Args:
        resource: its entry in the registry.
        load: imports its module and its reconciler: a tenant without such objects does without, and is quicker.
    """

    resource: Resource
    load: Callable[[], tuple[ModuleSpec, type[Reconciler]]]

    @functools.cached_property
    def module(self) -> ModuleSpec:
        """The module whose options its entries take."""
        return self.load()[0]

    @functools.cached_property
    def reconciler(self) -> type[Reconciler]:
        """Makes and unmakes such objects, and knows all that is to be known of the kind."""
        return self.load()[1]

    @property
    def plural(self) -> str:
        """Its key in the configuration."""
        return self.resource.plural

    @functools.cached_property
    def options(self) -> OptionSpecs:
        """The options of an entry: those of the module without those of the connection."""
        return {name: spec for name, spec in self.module.options.items() if name not in MANAGEMENT_OPTIONS}


def _custom_topic() -> tuple[ModuleSpec, type[Reconciler]]:
    from .._kinds.custom_topic import CUSTOM_TOPIC_MODULE, CustomTopicReconciler

    return CUSTOM_TOPIC_MODULE, CustomTopicReconciler


def _security_profile() -> tuple[ModuleSpec, type[Reconciler]]:
    from .._kinds.security_profile import SECURITY_PROFILE_MODULE, SecurityProfileReconciler

    return SECURITY_PROFILE_MODULE, SecurityProfileReconciler


def _api_key() -> tuple[ModuleSpec, type[Reconciler]]:
    from .._kinds.api_key import API_KEY_MODULE, ApiKeyReconciler

    return API_KEY_MODULE, ApiKeyReconciler


def _customer_app() -> tuple[ModuleSpec, type[Reconciler]]:
    from .._kinds.customer_app import CUSTOMER_APP_MODULE, CustomerAppReconciler

    return CUSTOMER_APP_MODULE, CustomerAppReconciler


#: In the order in which they are made: each refers to those before it. They are deleted in the reverse order.
KINDS: dict[str, Kind] = {
    kind.plural: kind
    for kind in (
        Kind(CUSTOM_TOPIC, _custom_topic),
        Kind(SECURITY_PROFILE, _security_profile),
        Kind(API_KEY, _api_key),
        Kind(CUSTOMER_APP, _customer_app),
    )
}

KINDS_OPTION: dict[str, dict[str, Any]] = {
    "kinds": {"type": "list", "elements": "str", "choices": list(KINDS), "default": list(KINDS)}
}
