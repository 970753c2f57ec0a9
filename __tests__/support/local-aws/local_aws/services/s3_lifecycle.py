"""
Lifecycle rules. Stock moto takes any days: S3 refuses objects that end before they move or move before they are old enough for the
class. It also forgets how many noncurrent versions a rule keeps, and Terraform waits in vain to read that back; and from which size on
objects move by default, which S3 sets back at each call that does not say it.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
"""

from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket
from moto.s3.models import TransitionDefaultMinimumObjectSize as MinimumSize
from moto.s3.responses import S3Response

from ..patching import wraps

SIZE_HEADER = "x-amz-transition-default-minimum-object-size"
USUAL_SIZE = MinimumSize.ALL_STORAGE_CLASSES_128K.value
DAYS_BEFORE = {"STANDARD_IA": 30, "ONEZONE_IA": 30}


@wraps(FakeBucket)
def set_lifecycle(original: Any, self: FakeBucket, rules: list[dict[str, Any]]) -> None:
    _refuse(rules, ("Transition", "Expiration", "Days"), "in Transition action")
    _refuse(rules, ("NoncurrentVersionTransition", "NoncurrentVersionExpiration", "NoncurrentDays"), "in NoncurrentVersionTransition action")
    original(self, rules)
    for kept, given in zip(self.rules, rules, strict=True):
        kept.newer_noncurrent_versions = (given.get("NoncurrentVersionExpiration") or {}).get("NewerNoncurrentVersions")


def _refuse(rules: list[dict[str, Any]], names: tuple[str, str, str], place: str) -> None:
    moving, ending, days = names
    for rule in rules:
        for move in _list(rule.get(moving)):
            after, storage_class = move.get(days), move.get("StorageClass")
            least = DAYS_BEFORE.get(storage_class, 0)
            if after is not None and int(after) < least:
                raise S3ClientError("InvalidArgument", f"'{days}' {place} must be greater than or equal to {least} for storageClass '{storage_class}'")
            ends = [end[days] for other in rules if _prefix(other) == _prefix(rule) for end in _list(other.get(ending)) if end.get(days) is not None]
            if after is not None and any(int(end) <= int(after) for end in ends):
                raise S3ClientError(
                    "InvalidArgument",
                    f"'{days}' in the {ending} action for filter '(prefix={_prefix(rule)})' must be greater than '{days}' in the {moving} action",
                )


def _list(value: Any) -> list[dict[str, Any]]:
    return value if isinstance(value, list) else [value] if value else []


def _prefix(rule: dict[str, Any]) -> str:
    chosen = rule.get("Filter") or {}
    return chosen.get("Prefix") or (chosen.get("And") or {}).get("Prefix") or rule.get("Prefix") or ""


@wraps(S3Response)
def _bucket_response_put(original: Any, self: S3Response, request: Any, bucket_name: str, querystring: Any) -> Any:
    if "lifecycle" not in querystring:
        return original(self, request, bucket_name, querystring)
    size = request.headers.get(SIZE_HEADER, USUAL_SIZE)
    if size not in {one.value for one in MinimumSize}:
        raise S3ClientError("InvalidArgument", f"Invalid TransitionDefaultMinimumObjectSize found: {size}")
    answer = original(self, request, bucket_name, querystring)
    self.backend.get_bucket(bucket_name).lifecycle_minimum_size = size
    return answer


@wraps(S3Response)
def get_bucket_lifecycle(original: Any, self: S3Response) -> Any:
    return _with(self, original)


def _with(response: S3Response, original: Any) -> Any:
    versions = {rule.id: rule.newer_noncurrent_versions for rule in response.backend.get_bucket_lifecycle(response.bucket_name)}
    serialize = response.serialized
    size = getattr(response.backend.get_bucket(response.bucket_name), "lifecycle_minimum_size", USUAL_SIZE)

    def serialized(result: Any) -> Any:
        result.result["TransitionDefaultMinimumObjectSize"] = size
        for rule in result.result["Rules"]:
            if versions.get(rule["ID"]) is not None:
                rule["NoncurrentVersionExpiration"]["NewerNoncurrentVersions"] = versions[rule["ID"]]
        return serialize(result)

    response.serialized = serialized
    try:
        return original(response)
    finally:
        del response.serialized
