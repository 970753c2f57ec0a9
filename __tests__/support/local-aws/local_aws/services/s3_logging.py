"""
Who may write access logs into a bucket. Stock moto fails at a statement for everybody (`"Principal": "*"`), and knows a resource only
when it is the log's own prefix to the letter.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""

import json
from fnmatch import fnmatchcase
from typing import Any

from moto.s3.models import LOGGING_SERVICE_PRINCIPAL, FakeBucket

from ..patching import wraps_static


@wraps_static(FakeBucket)
def _log_permissions_enabled_policy(_original: Any, target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    if not target_bucket.policy:
        return False
    log = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}/{target_prefix or ''}2026-01-01-00-00-00-0123456789ABCDEF"
    return any(_allows(statement, log) for statement in json.loads(target_bucket.policy.decode())["Statement"])


def _allows(statement: dict[str, Any], log: str) -> bool:
    principal = statement.get("Principal")
    services = _list(principal.get("Service")) if isinstance(principal, dict) else []
    matches = any(fnmatchcase(log, pattern) for pattern in _list(statement.get("Resource")))
    return statement.get("Effect") == "Allow" and LOGGING_SERVICE_PRINCIPAL in services and "s3:PutObject" in _list(statement.get("Action")) and matches


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value is not None else []
