"""
Who may name a queue as its dead-letter queue, which stock moto does not know; a queue's policy, which stock moto drops when any other
attribute is set; and JSON without the blanks that AWS does not answer.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
"""

import json
from typing import Any

from moto.sqs.models import Queue, SQSBackend

from ..patching import wraps, wraps_property

ALLOW = "RedriveAllowPolicy"


@wraps(Queue)
def _set_attributes(original: Any, self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
    policy = getattr(self, "policy", None)
    original(self, {name: value for name, value in attributes.items() if name != ALLOW}, now)
    if "Policy" not in attributes:
        self.policy = policy
    if ALLOW in attributes:
        self.redrive_allow_policy = attributes[ALLOW] or None


@wraps_property(Queue)
def attributes(original: Any, self: Queue) -> dict[str, Any]:
    allow = getattr(self, "redrive_allow_policy", None)
    redrive = {"RedrivePolicy": json.dumps(self.redrive_policy, separators=(",", ":"))} if self.redrive_policy else {}
    return {**original(self), **redrive, **({ALLOW: allow} if allow else {})}


@wraps(SQSBackend)
def get_queue_attributes(original: Any, self: SQSBackend, queue_name: str, attribute_names: list[str]) -> dict[str, Any]:
    """Stock moto refuses these names when they are asked for one by one."""
    special = [name for name in attribute_names if name in (ALLOW, "RedrivePolicy")]
    others = original(self, queue_name, [name for name in attribute_names if name not in special])
    known = self.get_queue(queue_name).attributes
    return {**others, **{name: known[name] for name in special if name in known}}
