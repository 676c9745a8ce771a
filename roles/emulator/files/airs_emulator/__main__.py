# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command line: C(python -m airs_emulator)."""

from __future__ import annotations

import argparse
import sqlite3
from pathlib import Path

from pydantic import ValidationError

from . import __version__
from .seed import Seed, SeedError
from .server import serve
from .service import Service


def main() -> None:
    """Start the emulator and serve until SIGTERM or SIGINT."""
    parser = _parser()
    options = parser.parse_args()
    if (options.tls_cert is None) != (options.tls_key is None):
        parser.error("--tls-cert and --tls-key belong together")
    try:
        seed = Seed.model_validate_json(options.seed.read_bytes()) if options.seed else None
        service = Service(options.state, seed)
        files = (options.tls_cert, options.tls_key, options.ready_file, options.env_file)
        serve(service, options.host, options.port, *files)
    except (OSError, ValidationError, SeedError, sqlite3.Error) as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    except KeyboardInterrupt:
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="airs_emulator", description="Emulate the Prisma AIRS APIs.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="port to listen on; 0, the default, takes a free one")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="certificate chain (PEM); serves HTTPS")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="private key of the certificate (PEM)")
    parser.add_argument("--state", type=Path, metavar="FILE", help="SQLite file that keeps the objects over a restart")
    parser.add_argument("--seed", type=Path, metavar="FILE", help="JSON document with objects to start with")
    parser.add_argument(
        "--ready-file", type=Path, metavar="FILE", help="written with URL and process id once it serves"
    )
    parser.add_argument(
        "--env-file", type=Path, metavar="FILE", help="written with the variables for a shell once it serves"
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    main()
