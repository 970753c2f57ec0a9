"""
Redis replication groups. Stock moto makes a group of several shards, or of one whose parameters ask for it, without cluster mode; it
overlaps slots, takes zones of us-east-1 everywhere, and makes one node where a group without shards is to have several. It does not
know the member clusters; a deleted group stays for ever; and neither shards nor replicas can be changed.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
"""

import copy
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.elasticache.exceptions import InvalidParameterValueException, ReplicationGroupNotFound
from moto.elasticache.models import ReplicationGroup, elasticache_backends
from moto.elasticache.responses import ElastiCacheResponse

from ..patching import adds, wraps

SLOTS = 16_384
ZONES = "abc"
ALWAYS_MODIFIABLE = {
    "engine_version": "EngineVersion",
    "cache_parameter_group_name": "CacheParameterGroupName",
    "snapshot_window": "SnapshotWindow",
    "preferred_maintenance_window": "PreferredMaintenanceWindow",
    "security_group_ids": "SecurityGroupIds",
    "notification_topic_arn": "NotificationTopicArn",
}


@wraps(ReplicationGroup)
def __init__(original: Any, self: ReplicationGroup, **settings: Any) -> None:
    if not settings.get("cluster_mode") and _is_clustered(settings):
        settings["cluster_mode"] = "enabled"
    if (settings.get("num_cache_clusters") or 0) > 1 and not settings.get("replicas_per_node_group"):
        settings["replicas_per_node_group"] = settings["num_cache_clusters"] - 1
    if isinstance(settings.get("auto_minor_version_upgrade"), str):
        settings["auto_minor_version_upgrade"] = settings["auto_minor_version_upgrade"] == "true"
    original(self, **settings)
    self.region_name, self.account_id = settings["region_name"], settings["account_id"]
    if self.snapshot_window == "05:00-6:00":
        self.snapshot_window = "05:00-06:00"
    _lay_out(self)


def _is_clustered(settings: dict[str, Any]) -> bool:
    """A group of one shard is in cluster mode, too, when its parameters say so."""
    parameters = elasticache_backends[settings["account_id"]][settings["region_name"]].parameter_values
    own = parameters.get(settings.get("cache_parameter_group_name"), {})
    return (settings.get("num_node_groups") or 0) > 1 or own.get("cluster-enabled") == "yes"


def _lay_out(group: ReplicationGroup) -> None:
    """Slots shared out evenly, members over three zones; `member_clusters` follows the shards."""
    share = SLOTS // len(group.node_groups)
    for shard_number, shard in enumerate(group.node_groups):
        if group.cluster_enabled:
            last = shard_number == len(group.node_groups) - 1
            shard["slots"] = f"{shard_number * share}-{SLOTS - 1 if last else (shard_number + 1) * share - 1}"
        for member_number, member in enumerate(shard["node_group_members"]):
            member["preferred_availability_zone"] = f"{group.region_name}{ZONES[(shard_number + member_number) % len(ZONES)]}"
            member["cache_node_id"] = "0001"
    group.member_clusters = [member["cache_cluster_id"] for shard in group.node_groups for member in shard["node_group_members"]]


@wraps(ElastiCacheResponse)
def describe_cache_clusters(original: Any, self: ElastiCacheResponse) -> ActionResult:
    asked = self._get_param("CacheClusterId")
    groups = self.elasticache_backend.replication_groups.values()
    members = {member: group for group in groups for member in group.member_clusters}
    if asked in members:
        return ActionResult({"CacheClusters": [_member(members[asked], asked)]})
    if asked:
        return original(self)
    return ActionResult({"CacheClusters": [*self.elasticache_backend.cache_clusters.values(), *(_member(group, member) for member, group in members.items())]})


def _member(group: ReplicationGroup, cluster_id: str) -> dict[str, Any]:
    topic = group.notification_topic_arn
    endpoint = {"Address": f"{cluster_id}.x.cache.amazonaws.com", "Port": int(group.port)}
    return {
        "CacheClusterId": cluster_id,
        "ARN": f"arn:aws:elasticache:{group.region_name}:{group.account_id}:cluster:{cluster_id}",
        "ReplicationGroupId": group.replication_group_id,
        "CacheClusterStatus": group.status,
        "CacheNodeType": group.cache_node_type,
        "Engine": group.engine,
        "EngineVersion": _full_version(group.engine_version),
        "NumCacheNodes": 1,
        "CacheNodes": [{"CacheNodeId": "0001", "CacheNodeStatus": "available", "Endpoint": endpoint}],
        "CacheParameterGroup": {"CacheParameterGroupName": group.cache_parameter_group_name, "ParameterApplyStatus": "in-sync"},
        "CacheSubnetGroupName": group.cache_subnet_group_name,
        "PreferredMaintenanceWindow": group.preferred_maintenance_window,
        "SecurityGroups": [{"SecurityGroupId": one, "Status": "active"} for one in group.security_group_ids or []],
        "SnapshotRetentionLimit": group.snapshot_retention_limit,
        "SnapshotWindow": group.snapshot_window,
        "AutoMinorVersionUpgrade": group.auto_minor_version_upgrade,
        "AtRestEncryptionEnabled": group.at_rest_encryption_enabled,
        "TransitEncryptionEnabled": group.transit_encryption_enabled,
        **({"TransitEncryptionMode": group.transit_encryption_mode} if group.transit_encryption_mode else {}),
        "AuthTokenEnabled": group.auth_token_enabled,
        **({"NotificationConfiguration": {"TopicArn": topic, "TopicStatus": "active"}} if topic else {}),
    }


def _full_version(version: str | None) -> str:
    """AWS answers three numbers where a user may give two."""
    parts = (version or "7.1").split(".")
    return ".".join([*parts, *["0"] * (3 - len(parts))])


@wraps(ElastiCacheResponse)
def delete_replication_group(original: Any, self: ElastiCacheResponse) -> ActionResult:
    answer = original(self)
    self.elasticache_backend.replication_groups.pop(self._get_param("ReplicationGroupId"), None)
    return answer


@wraps(ElastiCacheResponse)
def modify_replication_group(original: Any, self: ElastiCacheResponse) -> ActionResult:
    group = _group(self)
    for attribute, parameter in ALWAYS_MODIFIABLE.items():
        if self._get_param(parameter) is not None:
            setattr(group, attribute, self._get_param(parameter))
    return original(self)


def _group(response: ElastiCacheResponse) -> ReplicationGroup:
    name = response._get_param("ReplicationGroupId")
    group = response.elasticache_backend.replication_groups.get(name)
    if group is None:
        raise ReplicationGroupNotFound(name)
    return group


@adds(ElastiCacheResponse)
def modify_replication_group_shard_configuration(self: ElastiCacheResponse) -> ActionResult:
    group = _group(self)
    wanted = self._get_int_param("NodeGroupCount")
    if not group.cluster_enabled:
        raise InvalidParameterValueException("Replication group should be cluster mode enabled to modify its shard configuration.")
    if not self._get_bool_param("ApplyImmediately"):
        raise InvalidParameterValueException("ApplyImmediately must be true.")
    known = {shard["node_group_id"] for shard in group.node_groups}
    if wanted < len(known):
        leave = _leaving(self, known)
        if len(leave) != len(known) - wanted or not leave <= known:
            raise InvalidParameterValueException("NodeGroupsToRemove or NodeGroupsToRetain must leave as many node groups as NodeGroupCount says.")
        group.node_groups = [shard for shard in group.node_groups if shard["node_group_id"] not in leave]
    while len(group.node_groups) < wanted:
        group.node_groups.append(_another_shard(group))
    _lay_out(group)
    return ActionResult({"ReplicationGroup": group})


def _leaving(response: ElastiCacheResponse, known: set[str]) -> set[str]:
    """Named by what is removed or by what is retained: by one of both."""
    remove, retain = (response._get_param(name, []) or [] for name in ("NodeGroupsToRemove", "NodeGroupsToRetain"))
    if bool(remove) == bool(retain):
        raise InvalidParameterValueException("Exactly one of NodeGroupsToRemove and NodeGroupsToRetain is required.")
    if not set(retain) <= known:
        raise InvalidParameterValueException("NodeGroupsToRetain names a node group that does not exist.")
    return set(remove) if remove else known - set(retain)


def _another_shard(group: ReplicationGroup) -> dict[str, Any]:
    shard = copy.deepcopy(group.node_groups[0])
    shard["node_group_id"] = f"{max(int(one['node_group_id']) for one in group.node_groups) + 1:0>4}"
    for number, member in enumerate(shard["node_group_members"], 1):
        member["cache_cluster_id"] = f"{group.replication_group_id}-{shard['node_group_id']}-{number:0>3}"
    return shard


@adds(ElastiCacheResponse)
def decrease_replica_count(self: ElastiCacheResponse) -> ActionResult:
    return _with_replicas(self, lambda wanted, before: wanted < before)


@adds(ElastiCacheResponse)
def increase_replica_count(self: ElastiCacheResponse) -> ActionResult:
    return _with_replicas(self, lambda wanted, before: wanted > before)


def _with_replicas(response: ElastiCacheResponse, is_allowed: Callable[[int, int], bool]) -> ActionResult:
    """Of all shards alike; the primary, which comes first, is never removed."""
    group = _group(response)
    wanted = response._get_int_param("NewReplicaCount")
    before = len(group.node_groups[0]["node_group_members"]) - 1
    if not response._get_bool_param("ApplyImmediately") or not 0 <= wanted <= 5 or not is_allowed(wanted, before):
        raise InvalidParameterValueException(f"NewReplicaCount {wanted} is not valid for {before} replicas, or ApplyImmediately is not true.")
    for shard in group.node_groups:
        members = shard["node_group_members"]
        del members[wanted + 1 :]
        while len(members) <= wanted:
            member = copy.deepcopy(members[-1])
            member["cache_cluster_id"] = f"{members[0]['cache_cluster_id'][:-3]}{len(members) + 1:0>3}"
            # AWS tells roles only where cluster mode is off.
            if member.get("current_role"):
                member["current_role"] = "replica"
            members.append(member)
    _lay_out(group)
    return ActionResult({"ReplicationGroup": group})


FAMILY = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"]


def allowed_node_types(group: ReplicationGroup) -> tuple[list[str], list[str]]:
    """Smaller and larger ones of the same family; AWS offers others, too."""
    family, _, size = group.cache_node_type.rpartition(".")
    place = FAMILY.index(size) if size in FAMILY else len(FAMILY)
    smaller, larger = ([f"{family}.{one}" for one in part] for part in (FAMILY[:place], FAMILY[place + 1 :]))
    return smaller, larger


@adds(ElastiCacheResponse)
def list_allowed_node_type_modifications(self: ElastiCacheResponse) -> ActionResult:
    smaller, larger = allowed_node_types(_group(self))
    return ActionResult({"ScaleDownModifications": smaller, "ScaleUpModifications": larger})
