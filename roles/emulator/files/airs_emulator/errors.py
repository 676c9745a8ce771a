# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals, each in the shape of the plane that makes it."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from .http import JsonResponse, Plane


class Refusal(Exception):
    """A request that the service answers with an error.

    C(payload), when given, replaces the usual body of the plane.
    """

    def __init__(self, status: int, message: str, payload: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.payload = payload


def error_response(plane: Plane, status: int, message: str) -> Response:
    """An error as the plane words it.

    Management: C(status_code) and C(error_message) (official API description). Scan: a nested C(error.message)
    (official list of error codes). Token: the C(error) member of RFC 6749.
    """
    if plane == "management":
        return JsonResponse({"status_code": status, "error_message": message}, status)
    if plane == "token":
        return JsonResponse({"error": _oauth_code(status), "error_description": message}, status)
    error: dict[str, Any] = {"message": message}
    if status == 429:
        error["retry_after"] = {"interval": 1, "unit": "second"}
    return JsonResponse({"error": error}, status)


def refusal_response(plane: Plane, refusal: Refusal) -> Response:
    """The answer to a refused request."""
    if refusal.payload is not None:
        return JsonResponse(refusal.payload, refusal.status)
    return error_response(plane, refusal.status, refusal.message)


def _oauth_code(status: int) -> str:
    if status == 401:
        return "invalid_client"
    return "invalid_request" if status < 429 else "temporarily_unavailable"
