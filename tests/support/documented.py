# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tenant and the variables that the documentation takes for granted."""

from __future__ import annotations

import sys

from .emulator import Account, JsonObject
from .tasks import api_key, custom_topic, security_profile

#: The service account that the documentation uses; the emulator has it here, so that nothing need be replaced.
ACCOUNT = Account("1234567890", "name@1234567890.iam.panserviceaccount.com", "made-up-secret")
AUTH_CODES = {"my-deployment-profile": "D0000042", "dp-production": "D0000043", "dp-unused": "D0000044"}
DLP_PROFILES = ("PII", "Secrets and Credentials")
SEED: JsonObject = {
    "tenants": {
        ACCOUNT.tsg_id: {
            "service_accounts": [
                {"client_id": ACCOUNT.client_id, "client_secret": ACCOUNT.client_secret, "tsg_ids": ["1234567891"]}
            ],
            "deployment_profiles": [
                {"dp_name": name, "auth_code": code, "status": "init" if name == "dp-unused" else "activated"}
                for name, code in AUTH_CODES.items()
            ],
            "dlp_profiles": [{"name": name} for name in DLP_PROFILES],
        },
        "1234567891": {},
    }
}

#: What the documentation keeps in a vault, and the Python of the emulator, which would install its packages.
VARIABLES: JsonObject = {
    "emulator_python": sys.executable,
    "vaulted_client_id": ACCOUNT.client_id,
    "vaulted_client_secret": ACCOUNT.client_secret,
    "vault_password": "made-up-password",
}

#: Folders that tests must not write to.
FOLDERS = ("/etc/support-bot", "/etc/hr-bot", "/etc/airs", "/run/secrets")

TOPIC = custom_topic(
    "Presupposed topic",
    {
        "name": "financial-advice",
        "description": "Recommendations to buy, sell or hold securities or other investments",
        "examples": ["Which stocks should I buy this week?"],
    },
)
PROFILE = security_profile("Presupposed profile", {"name": "support-bot", "prompt_injection": "block"})
KEY = api_key(
    "Presupposed key",
    {
        "name": "support-bot",
        "deployment_profile": "dp-production",
        "customer_app": "support-bot",
        "environment": "prod",
        "cloud_provider": "aws",
        "rotation_time_interval": 90,
        "rotation_time_unit": "days",
        "regenerate": "expiring",
        "secret_path": "/etc/support-bot/airs-api-key",
    },
)


def shown_secrets(text: str) -> list[str]:
    """Return the secrets of the tenant that a text shows."""
    return [secret for secret in (ACCOUNT.client_secret, *AUTH_CODES.values()) if secret in text]
