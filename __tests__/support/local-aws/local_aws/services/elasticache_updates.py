"""
Service updates of caches, which stock moto does not tell: none is planned or offered.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeUpdateActions.html
"""

from moto.core.responses import ActionResult
from moto.elasticache.responses import ElastiCacheResponse

from ..patching import adds


@adds(ElastiCacheResponse)
def describe_update_actions(self: ElastiCacheResponse) -> ActionResult:
    return ActionResult({"UpdateActions": []})
