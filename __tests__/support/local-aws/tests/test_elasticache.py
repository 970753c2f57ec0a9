import pytest


@pytest.fixture
def cache(client):
    elasticache = client("elasticache")
    elasticache.create_cache_parameter_group(CacheParameterGroupName="redis", CacheParameterGroupFamily="redis7", Description="ours")
    elasticache.create_replication_group(
        ReplicationGroupId="redis",
        ReplicationGroupDescription="sessions",
        Engine="redis",
        EngineVersion="7.1",
        CacheNodeType="cache.r6g.4xlarge",
        NumNodeGroups=4,
        ReplicasPerNodeGroup=2,
        CacheParameterGroupName="redis",
    )
    return elasticache


def group(cache):
    return cache.describe_replication_groups(ReplicationGroupId="redis")["ReplicationGroups"][0]


def test_several_shards_are_cluster_mode_with_all_slots_shared_out(cache):
    shards = group(cache)["NodeGroups"]
    assert group(cache)["ClusterEnabled"] is True
    assert [shard["Slots"] for shard in shards] == ["0-4095", "4096-8191", "8192-12287", "12288-16383"]


def make(cache, **more):
    cache.create_replication_group(ReplicationGroupId="other", ReplicationGroupDescription="other", Engine="redis", CacheNodeType="cache.r6g.large", **more)
    return cache.describe_replication_groups(ReplicationGroupId="other")["ReplicationGroups"][0]


def test_one_shard_is_cluster_mode_when_its_parameters_say_so(cache):
    value = {"ParameterName": "cluster-enabled", "ParameterValue": "yes"}
    cache.modify_cache_parameter_group(CacheParameterGroupName="redis", ParameterNameValues=[value])
    made = make(cache, NumNodeGroups=1, ReplicasPerNodeGroup=1, CacheParameterGroupName="redis")
    assert (made["ClusterEnabled"], "ConfigurationEndpoint" in made) == (True, True)


def test_a_group_without_shards_has_all_its_nodes(cache):
    made = make(cache, NumCacheClusters=5)
    assert (made["ClusterEnabled"], len(made["MemberClusters"])) == (False, 5)


def test_every_member_can_be_described(cache):
    members = group(cache)["MemberClusters"]
    assert len(members) == 12
    found = cache.describe_cache_clusters(CacheClusterId=members[5])["CacheClusters"][0]
    assert (found["ReplicationGroupId"], found["CacheNodeType"], found["EngineVersion"]) == ("redis", "cache.r6g.4xlarge", "7.1.0")


def test_named_shards_are_removed_with_their_members(cache):
    change = {"ReplicationGroupId": "redis", "NodeGroupCount": 2, "ApplyImmediately": True, "NodeGroupsToRemove": ["0002", "0003"]}
    cache.modify_replication_group_shard_configuration(**change)
    assert [shard["NodeGroupId"] for shard in group(cache)["NodeGroups"]] == ["0001", "0004"]
    assert len(group(cache)["MemberClusters"]) == 6


def test_shards_are_named_by_what_stays_as_well(cache, refused):
    change = {"ReplicationGroupId": "redis", "NodeGroupCount": 2, "ApplyImmediately": True}
    assert refused(cache.modify_replication_group_shard_configuration, **change, NodeGroupsToRetain=["0001"]) == "InvalidParameterValue"
    cache.modify_replication_group_shard_configuration(**change, NodeGroupsToRetain=["0001", "0002"])
    assert [shard["NodeGroupId"] for shard in group(cache)["NodeGroups"]] == ["0001", "0002"]


def test_all_shards_get_fewer_replicas_or_more(cache, refused):
    change = {"ReplicationGroupId": "redis", "ApplyImmediately": True}
    assert refused(cache.decrease_replica_count, **change, NewReplicaCount=3) == "InvalidParameterValue"
    cache.decrease_replica_count(**change, NewReplicaCount=1)
    assert len(group(cache)["MemberClusters"]) == 8
    cache.increase_replica_count(**change, NewReplicaCount=2)
    assert "redis-0004-003" in group(cache)["MemberClusters"]


def test_node_types_and_reserve_are_told(cache):
    allowed = cache.list_allowed_node_type_modifications(ReplicationGroupId="redis")
    assert allowed["ScaleDownModifications"] == ["cache.r6g.large", "cache.r6g.xlarge", "cache.r6g.2xlarge"]
    values = cache.describe_cache_parameters(CacheParameterGroupName="redis")["Parameters"]
    assert [(one["ParameterName"], one["ParameterValue"]) for one in values] == [("reserved-memory-percent", "25")]


def test_shards_are_not_removed_without_names(cache, refused):
    change = {"ReplicationGroupId": "redis", "NodeGroupCount": 2, "ApplyImmediately": True}
    assert refused(cache.modify_replication_group_shard_configuration, **change) == "InvalidParameterValue"


def test_a_deleted_group_is_gone(cache, refused):
    cache.delete_replication_group(ReplicationGroupId="redis")
    assert refused(cache.describe_replication_groups, ReplicationGroupId="redis") == "ReplicationGroupNotFoundFault"


def test_a_parameter_group_in_use_stays(cache, refused):
    assert refused(cache.delete_cache_parameter_group, CacheParameterGroupName="redis") == "InvalidCacheParameterGroupState"


def test_parameters_are_kept(cache):
    cache.modify_cache_parameter_group(CacheParameterGroupName="redis", ParameterNameValues=[{"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"}])
    values = cache.describe_cache_parameters(CacheParameterGroupName="redis", Source="user")["Parameters"]
    assert [(one["ParameterName"], one["ParameterValue"]) for one in values] == [("maxmemory-policy", "allkeys-lru")]


def test_nothing_happened_to_a_cache_in_the_last_minutes(cache, client):
    assert client("elasticache").describe_events(Duration=20)["Events"] == []


def test_no_service_update_waits_for_a_cache(cache, client):
    assert client("elasticache").describe_update_actions(ReplicationGroupIds=["sessions"])["UpdateActions"] == []
