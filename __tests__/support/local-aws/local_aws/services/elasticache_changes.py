"""
The time that a change of a replication group takes. Stock moto, and our additions to it, change a group at once and as often as one likes.

Here a change of node type, shards or replicas takes `durations.cache_change` seconds, in which the group and its nodes are `modifying` and
take no other; and there are AWS's limits: the node types that may follow, and 90 shards.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroupShardConfiguration.html
"""

from datetime import timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.elasticache.exceptions import ElastiCacheException, InvalidParameterValueException
from moto.elasticache.models import ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse

from ..clock import clock
from ..patching import wraps
from ..settings import durations
from .elasticache_replication import allowed_node_types

MOST_SHARDS = 90


class InvalidReplicationGroupState(ElastiCacheException):
    code = "InvalidReplicationGroupState"


class TooManyShards(ElastiCacheException):
    code = "NodeGroupsPerReplicationGroupQuotaExceeded"


@wraps(ElastiCacheBackend)
def describe_replication_groups(original: Any, self: ElastiCacheBackend, replication_group_id: str | None = None) -> list[ReplicationGroup]:
    _settle(self)
    return original(self, replication_group_id)


@wraps(ElastiCacheResponse)
def describe_cache_clusters(original: Any, self: ElastiCacheResponse) -> ActionResult:
    _settle(self.elasticache_backend)
    return original(self)


def _settle(backend: ElastiCacheBackend) -> None:
    for group in backend.replication_groups.values():
        if group.status == "modifying" and clock.now() >= group.settles_at:
            group.status = "available"


@wraps(ElastiCacheResponse)
def modify_replication_group(original: Any, self: ElastiCacheResponse) -> ActionResult:
    wanted = self._get_param("CacheNodeType")
    if wanted is None:
        return original(self)
    group = _available(self)
    if group is not None and wanted not in [group.cache_node_type, *sum(allowed_node_types(group), [])]:
        raise InvalidParameterValueException(f"The node type {wanted} is not allowed for {group.replication_group_id}: see ListAllowedNodeTypeModifications.")
    return _begun(original, self, group)


@wraps(ElastiCacheResponse)
def modify_replication_group_shard_configuration(original: Any, self: ElastiCacheResponse) -> ActionResult:
    group = _available(self)
    if self._get_int_param("NodeGroupCount") > MOST_SHARDS:
        raise TooManyShards(f"A replication group has at most {MOST_SHARDS} node groups.")
    return _begun(original, self, group)


@wraps(ElastiCacheResponse)
def decrease_replica_count(original: Any, self: ElastiCacheResponse) -> ActionResult:
    return _begun(original, self, _available(self))


@wraps(ElastiCacheResponse)
def increase_replica_count(original: Any, self: ElastiCacheResponse) -> ActionResult:
    return _begun(original, self, _available(self))


def _available(response: ElastiCacheResponse) -> ReplicationGroup | None:
    """None where there is no such group, which the call itself refuses."""
    backend = response.elasticache_backend
    _settle(backend)
    name = response._get_param("ReplicationGroupId")
    group = backend.replication_groups.get(name)
    if group is not None and group.status != "available":
        raise InvalidReplicationGroupState(f"Replication group {name} is in {group.status} state and cannot be modified.")
    return group


def _begun(original: Any, response: ElastiCacheResponse, group: ReplicationGroup | None) -> ActionResult:
    answer = original(response)
    if group is not None and durations.cache_change:
        group.status = "modifying"
        group.settles_at = clock.now() + timedelta(seconds=durations.cache_change)
    return answer
