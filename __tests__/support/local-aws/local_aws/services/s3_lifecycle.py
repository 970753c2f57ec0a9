"""
How many noncurrent versions a lifecycle rule keeps. Stock moto forgets it, and Terraform waits in vain to read it back.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html
"""

from typing import Any

from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from ..patching import wraps


@wraps(FakeBucket)
def set_lifecycle(original: Any, self: FakeBucket, rules: list[dict[str, Any]]) -> None:
    original(self, rules)
    for kept, given in zip(self.rules, rules, strict=True):
        kept.newer_noncurrent_versions = (given.get("NoncurrentVersionExpiration") or {}).get("NewerNoncurrentVersions")


@wraps(S3Response)
def get_bucket_lifecycle(original: Any, self: S3Response) -> Any:
    return _with(self, original)


def _with(response: S3Response, original: Any) -> Any:
    versions = {rule.id: rule.newer_noncurrent_versions for rule in response.backend.get_bucket_lifecycle(response.bucket_name)}
    serialize = response.serialized

    def serialized(result: Any) -> Any:
        for rule in result.result["Rules"]:
            if versions.get(rule["ID"]) is not None:
                rule["NoncurrentVersionExpiration"]["NewerNoncurrentVersions"] = versions[rule["ID"]]
        return serialize(result)

    response.serialized = serialized
    try:
        return original(response)
    finally:
        del response.serialized
