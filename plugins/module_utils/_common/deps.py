# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The third-party libraries of the collection. Missing libraries are handled only here.

Ansible reads the options of a module even if these libraries are missing, so importing must never fail. Running does:
run() calls require() first, and the user gets one sentence. Nothing runs unvalidated, because the replacement for
BaseModel raises an error when it is used for validation.
"""

from __future__ import annotations

from typing import Any

from .errors import AirsDependencyError

_missing: list[str] = []

try:
    import requests
except ImportError:
    requests = None  # type: ignore[assignment]  # require() stops every run before it is used
    _missing.append("requests")

try:
    from pydantic import VERSION as _PYDANTIC_VERSION
    from pydantic import BaseModel, ConfigDict, Field, ValidationError

    if int(_PYDANTIC_VERSION.split(".", maxsplit=1)[0]) < 2:
        raise ImportError("pydantic 1 has another interface")
except ImportError:
    _missing.append("pydantic>=2.8")

    class BaseModel:  # type: ignore[no-redef]  # stand-in: lets the models be declared, never used
        """Stand-in for pydantic's BaseModel: lets models be declared, refuses to validate."""

        @classmethod
        def model_validate(cls, _value: Any) -> Any:
            """Refuse, in place of validating.

            Raises:
                AirsDependencyError: always.
            """
            require()

    class ValidationError(ValueError):  # type: ignore[no-redef]  # stand-in, never raised
        """Stand-in for pydantic's ValidationError."""

    def ConfigDict(**options: Any) -> dict[str, Any]:  # type: ignore[no-redef]  # noqa: N802  # pydantic's own name
        """Stand-in for pydantic's ConfigDict."""
        return options

    def Field(*_args: Any, **_options: Any) -> Any:  # type: ignore[no-redef]  # noqa: N802  # pydantic's own name
        """Stand-in for pydantic's Field."""
        return None


def missing() -> bool:
    """Tell whether a library that every task needs is missing."""
    return bool(_missing)


def require() -> None:
    """Make sure that all libraries are there.

    Raises:
        AirsDependencyError: names what is missing and which Python lacks it.
    """
    if _missing:
        raise AirsDependencyError(_missing)


def require_yaml() -> Any:
    """Return the YAML library, imported only here because few tasks need it.

    It comes with ansible-core: only a module that runs on another machine can miss it.

    Raises:
        AirsDependencyError: PyYAML is missing.
    """
    try:
        import yaml
    except ImportError:
        raise AirsDependencyError(["PyYAML"]) from None
    return yaml


def require_junit() -> Any:
    """Return the library that writes JUnit XML, which only reports of scans in that form need.

    Raises:
        AirsDependencyError: junitparser is missing.
    """
    try:
        import junitparser
    except ImportError:
        raise AirsDependencyError(["junitparser>=4"]) from None
    return junitparser


__all__ = [
    "BaseModel",
    "ConfigDict",
    "Field",
    "ValidationError",
    "missing",
    "requests",
    "require",
    "require_junit",
    "require_yaml",
]
