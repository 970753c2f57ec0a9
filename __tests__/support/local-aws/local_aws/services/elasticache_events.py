"""
What happened to caches in the last minutes, which stock moto does not tell: nothing, as far as anybody asks.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeEvents.html
"""

from moto.core.responses import ActionResult
from moto.elasticache.responses import ElastiCacheResponse

from ..patching import adds


@adds(ElastiCacheResponse)
def describe_events(self: ElastiCacheResponse) -> ActionResult:
    return ActionResult({"Events": []})
