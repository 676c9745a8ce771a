# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator of the Prisma AIRS management, token and scan APIs.

It stands in for the service in tests, demonstrations and CI, quirks included. It shares no code with the collection
that it tests, so that a mistake in one is noticed by the other.
"""

from __future__ import annotations

__version__ = "1.0.0"
