"""
Archive tiers of S3 Intelligent-Tiering. Stock moto takes a request for them for one to make the bucket.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketIntelligentTieringConfiguration.html
"""

import re
from collections.abc import Iterable
from typing import Any

from moto.s3.responses import S3Response

from ..patching import wraps

QUERY = "intelligent-tiering"
XML = {"Content-Type": "application/xml"}
NOT_FOUND = "<Error><Code>NoSuchConfiguration</Code><Message>The specified configuration does not exist.</Message></Error>"


def _configurations(response: S3Response, bucket_name: str) -> dict[str, bytes]:
    bucket = response.backend.head_bucket(bucket_name)
    if not hasattr(bucket, "intelligent_tiering"):
        bucket.intelligent_tiering = {}
    return bucket.intelligent_tiering


def _list_of(configurations: Iterable[bytes]) -> str:
    """Each as it was put, without its prolog."""
    bodies = [re.sub(r"^\s*<\?xml.*?\?>", "", body.decode()) for body in configurations]
    name = "ListBucketIntelligentTieringConfigurationsOutput"
    return f"<{name}><IsTruncated>false</IsTruncated>{''.join(bodies)}</{name}>"


@wraps(S3Response)
def _bucket_response_put(original: Any, self: S3Response, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
    if QUERY not in querystring:
        return original(self, request, bucket_name, querystring)
    _configurations(self, bucket_name)[querystring["id"][0]] = self.body
    return 200, {}, ""


@wraps(S3Response)
def _bucket_response_get(original: Any, self: S3Response, bucket_name: str, querystring: dict[str, Any]) -> Any:
    if QUERY not in querystring:
        return original(self, bucket_name, querystring)
    if "id" not in querystring:
        return 200, XML, _list_of(_configurations(self, bucket_name).values())
    found = _configurations(self, bucket_name).get(querystring["id"][0])
    return (200, XML, found) if found is not None else (404, XML, NOT_FOUND)


@wraps(S3Response)
def _bucket_response_delete(original: Any, self: S3Response, bucket_name: str, querystring: dict[str, Any]) -> Any:
    if QUERY not in querystring:
        return original(self, bucket_name, querystring)
    _configurations(self, bucket_name).pop(querystring["id"][0], None)
    return 204, {}, ""
