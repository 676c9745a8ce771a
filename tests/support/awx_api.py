# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server for the part of AWX's API that the modules of C(awx.awx) need to make and find objects by name.

It keeps whatever it is given, answers lists filtered by any field, and keeps the objects that are associated with one
another. It is no AWX and judges nothing: it proves that the kit's data is what the modules take, and that every name
in it leads to an object that the kit has made before.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from .json_server import JsonServer, Request

TOKEN = "a-token-for-tests-of-awx"
_API = "/api/v2/"
#: What can be launched: its names are looked up together.
_UNIFIED = ("job_templates", "projects", "inventory_sources", "workflow_job_templates")


class AwxApi(JsonServer):
    """A running server.

    C(objects) has the objects of each kind, by the name of their list; C(links) the ids that are associated with one,
    by its path.
    """

    def __init__(self) -> None:
        self.objects: dict[str, list[dict[str, Any]]] = {}
        self.links: dict[str, list[int]] = {}
        self.surveys: dict[str, Any] = {}
        self.writes = 0
        self._last = 0
        super().__init__()
        self._make("organizations", {"name": "Default"})

    def named(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the objects of a kind by their names; the steps of workflows by their identifiers."""
        return {found.get("name") or found["identifier"]: found for found in self.objects.get(kind, [])}

    def answer(self, request: Request) -> tuple[int, Any]:
        """Answer as AWX does."""
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return 401, {"detail": "Authentication credentials were not provided."}
        path = request.path.removeprefix(_API).strip("/")
        self.writes += request.method != "GET"
        if path.endswith("/survey_spec"):
            if request.method == "POST":
                self.surveys[path] = request.body
            return 200, self.surveys.get(path, {})
        if path.endswith("/create_approval_template"):
            return 201, self._make_approval(path, request.body)
        if re.fullmatch(r"\w+/\d+/\w+", path):
            return self._linked(request, path)
        if re.fullmatch(r"\w+/\d+", path):
            return self._one(request, path)
        if request.method == "POST":
            return 201, self._make(path, request.body)
        return 200, _page(self._found(path, dict(parse_qsl(request.query))))

    def _make(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        self._last += 1
        address = f"{_API}{kind}/{self._last}/"
        made = {
            **body,
            "id": self._last,
            "type": kind.removesuffix("s"),
            "url": address,
            "status": "successful",
            "scm_revision": "0123456789abcdef",
            "summary_fields": {},
            "related": {"survey_spec": f"{address}survey_spec/"},
        }
        self.objects.setdefault(kind, []).append(made)
        return made

    def _make_approval(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Make what the step of a workflow waits for."""
        made = self._make("workflow_approval_templates", body)
        number = int(path.split("/")[1])
        (step,) = [row for row in self.objects["workflow_job_template_nodes"] if row["id"] == number]
        step["related"]["unified_job_template"] = made["url"]
        return made

    def _found(self, kind: str, wanted: dict[str, str]) -> list[dict[str, Any]]:
        kinds = _UNIFIED if kind == "unified_job_templates" else (kind,)
        rows = [row for one in kinds for row in self.objects.get(one, [])]
        return [row for row in rows if all(str(row.get(name)) == value for name, value in wanted.items())]

    def _one(self, request: Request, path: str) -> tuple[int, Any]:
        kind, number = path.split("/")
        for row in self.objects.get(kind, []):
            if row["id"] == int(number):
                if request.method == "PATCH":
                    row.update(request.body)
                return 200, row
        return 404, {"detail": "Not found."}

    def _linked(self, request: Request, path: str) -> tuple[int, Any]:
        links = self.links.setdefault(path, [])
        if request.method == "GET":
            return 200, _page([{"id": number} for number in links])
        if request.body.get("disassociate"):
            links.remove(request.body["id"])
        else:
            links.append(request.body["id"])
        return 204, None


def _page(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": len(rows), "next": None, "previous": None, "results": rows}
