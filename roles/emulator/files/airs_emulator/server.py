# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server process: socket, TLS, ready file, and a prompt end."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

import uvicorn

from .app import create_app
from .connections import TrackedProtocol
from .environment import shell_script
from .service import Service

#: How long an idle connection stays open, in seconds: longer than clients pause between two requests.
_KEEP_ALIVE = 75


class Server(uvicorn.Server):
    """A uvicorn server that announces its URL: in one line of JSON on standard output and in the ready file.

    The environment file, a script for shells, is written before the ready file. Both files are removed at the end.
    """

    def __init__(self, config: uvicorn.Config, ready_file: Path | None, env_file: Path | None) -> None:
        super().__init__(config)
        self._ready_file = ready_file
        self._env_file = env_file

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, then announce it."""
        await super().startup(sockets)
        announcement = json.dumps({"url": self._url(), "pid": os.getpid()})
        print(announcement, flush=True)  # noqa: T201 - this is the program's output
        for file, text in ((self._env_file, shell_script(self._url())), (self._ready_file, announcement)):
            if file is not None:
                # Whoever waits for the file must find it complete.
                unfinished = file.with_name(f"{file.name}.{os.getpid()}")
                unfinished.write_text(text, encoding="utf-8")
                unfinished.replace(file)

    def _url(self) -> str:
        scheme = "https" if self.config.is_ssl else "http"
        host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
        return f"{scheme}://{host}:{self.servers[0].sockets[0].getsockname()[1]}"

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End at once."""
        for file in (self._env_file, self._ready_file):
            if file is not None:
                file.unlink(missing_ok=True)
        # Requests that a fault keeps waiting must not keep the process.
        for task in list(self.server_state.tasks):
            task.cancel()
        await super().shutdown(sockets)


def serve(
    service: Service,
    host: str,
    port: int,
    certificate: Path | None,
    key: Path | None,
    ready_file: Path | None,
    env_file: Path | None,
) -> None:
    """Serve until SIGTERM or SIGINT. Port 0 takes a free one."""
    config = uvicorn.Config(
        create_app(service),
        host=host,
        port=port,
        http=TrackedProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=1,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    # uvicorn shuts down, then raises the signal again for the handler that was there before: a normal end.
    signal.signal(signal.SIGTERM, _end)
    try:
        Server(config, ready_file, env_file).run()
    finally:
        service.store.close()


def _end(_number: int, _frame: object) -> NoReturn:
    sys.exit(0)
