# Copyright (c) 2026, the panw.airs contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of a plan: what it depends on, and what is not a plan."""

from __future__ import annotations

import base64
import copy
import json
import random
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from support.memory_client import MemoryClient

from ansible_collections.panw.airs.plugins.module_utils._common.errors import AirsInputError
from ansible_collections.panw.airs.plugins.module_utils._engine.task import Runtime, Task
from ansible_collections.panw.airs.plugins.module_utils._tenant import plan_file, plan_text
from ansible_collections.panw.airs.plugins.module_utils._tenant.config import validated
from ansible_collections.panw.airs.plugins.module_utils._tenant.files import Document
from ansible_collections.panw.airs.plugins.module_utils._tenant.kinds import KINDS
from ansible_collections.panw.airs.plugins.module_utils._tenant.plan import Planner, Step, listings

Row = dict[str, Any]

OPTIONS: Row = {"state": "merged", "purge": None, "protect": None, "force": False, "name_map": None}
TOPICS = [
    {"topic_name": name, "topic_id": f"id-{name}", "revision": 1, "description": "d", "examples": []} for name in "ab"
]
PROFILE: Row = {
    "profile_name": "bot",
    "profile_id": "p",
    "revision": 3,
    "created_ts": "2026-01-01",
    "last_modified_ts": "2026-01-01",
    "policy": {
        "ai-security-profiles": [
            {
                "model-type": "default",
                "model-configuration": {
                    "model-protection": [
                        {
                            "name": "topic-guardrails",
                            "action": "allow",
                            "topic-list": [
                                {
                                    "action": "block",
                                    "topic": [
                                        {"topic_name": name, "topic_id": f"id-{name}", "revision": 1} for name in "ab"
                                    ],
                                }
                            ],
                        }
                    ]
                },
            }
        ],
        "dlp-data-profiles": [],
    },
}
CONFIG: Row = {
    "custom_topics": [{"name": "a", "description": "new"}, {"name": "new", "description": "d"}],
    "security_profiles": [{"name": "bot", "prompt_injection": "block", "topics": {"block": ["a", "b", "new"]}}],
}


def steps(config: Row, *rows: Row) -> list[Step]:
    made = validated([Document(content=config)], {"on_weakening": None})
    assert made.faults == []
    session = MemoryClient(*rows).session()
    session.read_together(listings(made, ()))
    task = Task({}, check_mode=True, diff_mode=False, runtime=Runtime())
    planner = Planner(session, made, task)
    found = planner.steps([])
    assert planner.faults == []
    return found


def told(found: list[Step]) -> list[Row]:
    return [
        {"kind": each.entry.kind.resource.kind, "name": each.entry.name, "action": each.plan.action} for each in found
    ]


def document(found: list[Step], tsg_id: str = "1", secrets: frozenset[str] = frozenset()) -> Row:
    return plan_file.document(told(found), found, OPTIONS, tsg_id, ["One\nwarning.", "One\nwarning."], secrets)


def moved(before: list[Step], after: list[Step]) -> list[str]:
    return plan_file.Approved(document(before), OPTIONS, "1").moved(after)


def shuffled(value: Any, by: random.Random) -> Any:
    """The same in another order: of keys, and of lists."""
    if isinstance(value, dict):
        names = [*value]
        by.shuffle(names)
        return {name: shuffled(value[name], by) for name in names}
    if isinstance(value, list):
        parts = [shuffled(part, by) for part in value]
        by.shuffle(parts)
        return parts
    return value


def test_order_and_time_stamps_do_not_count() -> None:
    rows = [*TOPICS, PROFILE]
    first = steps(CONFIG, *rows)
    by = random.Random(5)
    for _turn in range(20):
        later = [{**row, "last_modified_ts": "2027-02-02"} if "policy" in row else row for row in shuffled(rows, by)]
        assert moved(first, steps(shuffled(CONFIG, by), *later)) == []


def test_each_part_that_a_plan_depends_on_counts() -> None:
    first = steps(CONFIG, *TOPICS, PROFILE)
    other_policy = copy.deepcopy(PROFILE)
    other_policy["policy"]["ai-security-profiles"][0]["model-configuration"]["latency"] = {"max-inline-latency": 9}
    assert moved(first, steps(CONFIG, *TOPICS, other_policy)) == ["tenant: security profile 'bot' has changed"]
    repinned = [TOPICS[0], {**TOPICS[1], "revision": 2}]
    assert moved(first, steps(CONFIG, *repinned, PROFILE)) == [
        "tenant: an object that security profile 'bot' references has changed"
    ]
    assert moved(first, steps(CONFIG, TOPICS[1], PROFILE))[0] == "tenant: custom topic 'a' no longer exists"
    less = {"custom_topics": CONFIG["custom_topics"][:1], "security_profiles": []}
    assert moved(first, steps(less, *TOPICS, PROFILE)) == [
        "files: security profile 'bot' no longer exists",
        "files: custom topic 'new' no longer exists",
    ]


def test_no_option_of_a_kind_hides_a_secret_below_the_top() -> None:
    def nested(specs: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
        for name, spec in specs.items():
            below = spec.get("options", {})
            yield from (f"{name}.{secret}" for secret in plan_file.secret_options(below))
            yield from nested(below)

    secrets = {plural: plan_file.secret_options(kind.options) for plural, kind in KINDS.items()}
    assert {plural: names for plural, names in secrets.items() if names} == {"api_keys": ["auth_code"]}
    assert [name for kind in KINDS.values() for name in nested(kind.options)] == []


def test_a_secret_in_a_name_and_a_tenant_that_nobody_knows_are_refused() -> None:
    found = steps({"custom_topics": [{"name": "about D7654321", "description": "d"}]})
    with pytest.raises(AirsInputError, match="name of an object contains"):
        document(found, secrets=frozenset({"D7654321"}))
    with pytest.raises(AirsInputError, match="tsg_id is required"):
        document(found, tsg_id="")


def test_a_plan_comes_back_from_its_text() -> None:
    made = document(steps(CONFIG, *TOPICS, PROFILE))
    assert made["warnings"] == ["One warning."]
    assert plan_file.unpacked(plan_file.packed(made)) == made
    assert json.loads(json.dumps(made)) == made


def test_what_is_no_plan_is_one_sentence(tmp_path: Path) -> None:
    made = document(steps(CONFIG, *TOPICS, PROFILE))

    def signed(**changes: Any) -> str:
        changed = {**made, **changes}
        return json.dumps({**changed, "digest": plan_file._overall(changed)})

    texts = [
        "",
        "[]",
        "null",
        "{}",
        "[" * 5000,
        '{"format": NaN}',
        json.dumps(made)[:-3],
        json.dumps({**made, "digest": None}),
        signed(version="1"),
        signed(changes=None),
        signed(changes=[None]),
        signed(unchanged=[{"kind": "nothing", "name": "x", "action": "none"}]),
        signed(unchanged=[{"kind": "api_key", "name": 1, "action": "none"}]),
        signed(tsg_id=1),
        signed(options=[]),
    ]
    file = tmp_path / "plan.json"
    for text in texts:
        file.write_text(text, encoding="utf-8")
        with pytest.raises(AirsInputError, match=r"plan.*Create a new plan\. Nothing was changed"):
            plan_file.read(str(file))
    for data in (b"\xff\xfe", b"\x00" * 100):
        file.write_bytes(data)
        with pytest.raises(AirsInputError, match="is not a plan"):
            plan_file.read(str(file))
    bomb = base64.b64encode(zlib.compress(b" " * (plan_file._LARGEST + 10))).decode()
    for text in (bomb, "%%%", "AAAA", base64.b64encode(b"{}").decode()):
        with pytest.raises(AirsInputError, match="is not a plan, or is damaged"):
            plan_file.unpacked(text)
    with pytest.raises(AirsInputError, match="is a directory"):
        plan_file.read(str(tmp_path))


# --- for people ------------------------------------------------------------------------------------------------------


def made_of(*changes: Row, unchanged: tuple[Row, ...] = ()) -> Row:
    return {
        "made": "2026-11-26T16:00:00Z",
        "tsg_id": "1",
        "warnings": ["All `good`, @all."],
        "changes": [*changes],
        "unchanged": [*unchanged],
        "digest": "d",
    }


CHANGES: list[Row] = [
    {
        "kind": "security_profile",
        "name": "bot",
        "action": "update",
        "fields": ["prompt_injection"],
        "weakened": [{"protection": "prompt_injection", "before": "block", "after": "allow"}],
    },
    {"kind": "api_key", "name": "old", "action": "delete"},
    {"kind": "customer_app", "name": "old", "action": "delete", "goes_with": {"kind": "api_key", "name": "old"}},
    {"kind": "api_key", "name": "key", "action": "regenerate", "reason": "expiring"},
    {"kind": "custom_topic", "name": "new", "action": "create"},
]
UNCHANGED: Row = {"kind": "custom_topic", "name": "same", "action": "none"}


def test_a_plan_for_people_begins_with_what_is_lost() -> None:
    made = made_of(*CHANGES, unchanged=(UNCHANGED,))
    assert plan_text.text_of(made).splitlines() == [
        "panw.airs plan of 2026-11-26T16:00:00Z for tenant 1",
        "",
        "Weaker protection:",
        "  security profile 'bot': prompt_injection block -> allow",
        "",
        "To be deleted:",
        "  API key 'old', together with application 'old'",
        "",
        "To be updated:",
        "  security profile 'bot': prompt_injection",
        "  API key 'key': new secret, the current one stops working (expiring)",
        "",
        "To be created:",
        "  custom topic 'new'",
        "",
        "Warnings:",
        "  All `good`, @all.",
        "",
        "Custom topics: 1 to be created, 1 unchanged",
        "Security profiles: 1 to be updated",
        "API keys: 1 to be regenerated, 1 to be deleted",
        "Applications: 1 to be deleted (along with its API key)",
        "",
        "digest d",
    ]
    assert plan_text.markdown(made).splitlines()[:9] == [
        "<!-- panw.airs plan -->",
        "### Plan for tenant `1`",
        "",
        "**Weaker protection**",
        "",
        "- security profile `bot`: `prompt_injection` `block` -> `allow`",
        "",
        "**To be deleted**",
        "",
    ]
    assert "- ``All `good`, @all.``" in plan_text.markdown(made)
    assert "No changes" in plan_text.text_of(made_of())


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a|b", "`a|b`"),
        ("`rm -rf`", "`` `rm -rf` ``"),
        ("a``b", "```a``b```"),
        ("@octocat #1 https://example.com", "`@octocat #1 https://example.com`"),
        ("<img src=x onerror=alert(1)>", "`<img src=x onerror=alert(1)>`"),
        ("a\n# heading\n- item", "`a # heading - item`"),
        ("\x1b[31m\u202e", "`\\x1b[31m\\u202e`"),
        ("*[x](y)*", "`*[x](y)*`"),
        (" ", "`   `"),
    ],
)
def test_a_hostile_name_is_a_code_span_in_markdown(name: str, written: str) -> None:
    row = {"kind": "custom_topic", "name": name, "action": "delete"}
    lines = plan_text.markdown(made_of(row)).splitlines()
    assert f"- custom topic {written}" in lines
    assert len(lines) == len(plan_text.markdown(made_of({**row, "name": "x"})).splitlines())
    weakened = [{"protection": f"topics.{name}", "before": name, "after": name}]
    told = plan_text.markdown(made_of({**CHANGES[0], "name": name, "weakened": weakened}))
    # Nothing of a name is outside of a code span.
    assert not re.search(r"octocat|onerror|heading|rm -rf|\|", re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", told))


def test_markdown_of_a_large_plan_fits_into_a_comment() -> None:
    many = [{"kind": "custom_topic", "name": f"{'x' * 90} {number}", "action": "delete"} for number in range(3000)]
    text = plan_text.markdown(made_of(*many))
    assert len(text) < 65_536
    assert "- and 2800 more, see the plan" in text
    assert plan_text.text_of(made_of(*many)).count("custom topic 'x") == 3000
    weakened = [{"protection": f"topics.@all {number}", "before": "block", "after": "allow"} for number in range(5000)]
    long = plan_text.markdown(made_of({**CHANGES[0], "weakened": weakened}, CHANGES[1]))
    assert (len(long) < 65_536, "@all" in long, "This list is incomplete" in long) == (True, False, True)
