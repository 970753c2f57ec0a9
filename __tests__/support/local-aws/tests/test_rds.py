import pytest

WEST = "us-west-2"


def make_cluster(rds, region, members=2, **more):
    rds.create_db_cluster(DBClusterIdentifier="aurora", Engine="aurora-mysql", **more)
    for number in range(1, members + 1):
        rds.create_db_instance(DBInstanceIdentifier=f"aurora-{number}", DBClusterIdentifier="aurora", Engine="aurora-mysql", DBInstanceClass="db.r6g.4xlarge")


@pytest.fixture
def rds(client):
    make_cluster(client("rds"), "us-east-1", MasterUsername="admin", MasterUserPassword="long-enough")
    return client("rds")


def cluster(rds):
    return rds.describe_db_clusters(DBClusterIdentifier="aurora")["DBClusters"][0]


def writers(rds):
    return [member["DBInstanceIdentifier"] for member in cluster(rds)["DBClusterMembers"] if member["IsClusterWriter"]]


def instance(rds, name):
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def test_instances_have_ids_of_their_own(rds):
    assert instance(rds, "aurora-1")["DbiResourceId"] != instance(rds, "aurora-2")["DbiResourceId"]


def test_a_class_changes_after_its_time(server, rds):
    server.ask("/tap/durations", {"instance_class_change": 300})
    rds.modify_db_instance(DBInstanceIdentifier="aurora-2", DBInstanceClass="db.r6g.xlarge", ApplyImmediately=True)
    during = instance(rds, "aurora-2")
    assert (during["DBInstanceStatus"], during["DBInstanceClass"]) == ("modifying", "db.r6g.4xlarge")
    server.advance(301)
    after = instance(rds, "aurora-2")
    assert (after["DBInstanceStatus"], after["DBInstanceClass"]) == ("available", "db.r6g.xlarge")


def test_a_class_waits_for_the_maintenance_window_unless_asked_at_once(rds):
    rds.modify_db_instance(DBInstanceIdentifier="aurora-2", DBInstanceClass="db.r6g.xlarge")
    waiting = instance(rds, "aurora-2")
    assert (waiting["DBInstanceClass"], waiting["PendingModifiedValues"]) == ("db.r6g.4xlarge", {"DBInstanceClass": "db.r6g.xlarge"})


def test_a_class_that_does_not_exist_is_refused(rds, refused):
    wrong = {"DBInstanceIdentifier": "aurora-2", "DBInstanceClass": "db.giant", "ApplyImmediately": True}
    assert refused(rds.modify_db_instance, **wrong) == "InvalidParameterValue"


def test_a_failover_goes_to_the_named_reader(server, rds):
    server.ask("/tap/durations", {"failover": 30})
    rds.failover_db_cluster(DBClusterIdentifier="aurora", TargetDBInstanceIdentifier="aurora-2")
    assert cluster(rds)["Status"] == "failing-over"
    server.advance(31)
    assert (cluster(rds)["Status"], writers(rds)) == ("available", ["aurora-2"])


def test_a_failover_to_a_stranger_is_refused(rds, refused):
    assert refused(rds.failover_db_cluster, DBClusterIdentifier="aurora", TargetDBInstanceIdentifier="other-1") == "InvalidParameterValue"


@pytest.fixture
def world(client):
    east = client("rds")
    east.create_global_cluster(GlobalClusterIdentifier="world", Engine="aurora-mysql", Tags=[{"Key": "Owner", "Value": "team"}])
    make_cluster(east, "us-east-1", GlobalClusterIdentifier="world", MasterUsername="admin", MasterUserPassword="long-enough")
    make_cluster(client("rds", WEST), WEST, GlobalClusterIdentifier="world")
    return east


def test_a_secondary_cluster_has_no_writer(client, world):
    assert writers(world) == ["aurora-1"]
    assert writers(client("rds", WEST)) == []


def test_a_secondary_cluster_cannot_fail_over(client, world, refused):
    code = refused(client("rds", WEST).failover_db_cluster, DBClusterIdentifier="aurora", TargetDBInstanceIdentifier="aurora-2")
    assert code == "InvalidDBClusterStateFault"


def test_members_are_removed_across_regions(client, world):
    arn = cluster(client("rds", WEST))["DBClusterArn"]
    world.remove_from_global_cluster(GlobalClusterIdentifier="world", DbClusterIdentifier=arn)
    members = world.describe_global_clusters(GlobalClusterIdentifier="world")["GlobalClusters"][0]["GlobalClusterMembers"]
    assert [member["IsWriter"] for member in members] == [True]


def test_a_global_cluster_keeps_its_tags(world):
    arn = world.describe_global_clusters(GlobalClusterIdentifier="world")["GlobalClusters"][0]["GlobalClusterArn"]
    assert world.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "Owner", "Value": "team"}]


def test_an_unknown_global_cluster_is_not_found(world, refused):
    assert refused(world.describe_global_clusters, GlobalClusterIdentifier="moon") == "GlobalClusterNotFoundFault"


@pytest.fixture
def groups(client):
    """A group of a family with a parameter: written, and read back from all of the group's, or from those of one source."""
    rds = client("rds")

    def instances(family, name, value, method="immediate", **source):
        rds.create_db_parameter_group(DBParameterGroupName="own", DBParameterGroupFamily=family, Description="own")
        rds.modify_db_parameter_group(DBParameterGroupName="own", Parameters=[{"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}])
        return rds.describe_db_parameters(DBParameterGroupName="own", **source)["Parameters"]

    def clusters(family, name, value, method="immediate", **source):
        rds.create_db_cluster_parameter_group(DBClusterParameterGroupName="own", DBParameterGroupFamily=family, Description="own")
        parameters = [{"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}]
        rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName="own", Parameters=parameters)
        return rds.describe_db_cluster_parameters(DBClusterParameterGroupName="own", **source)["Parameters"]

    return {"instances": instances, "clusters": clusters}


def test_a_default_group_is_there_and_holds_nothing_that_a_user_set(client, refused):
    rds = client("rds")
    assert rds.describe_db_cluster_parameters(DBClusterParameterGroupName="default.aurora-mysql8.0", Source="user")["Parameters"] == []
    assert rds.describe_db_parameters(DBParameterGroupName="default.aurora-mysql8.0", Source="user")["Parameters"] == []
    assert refused(rds.describe_db_cluster_parameters, DBClusterParameterGroupName="own", Source="user") == "DBParameterGroupNotFound"


@pytest.mark.parametrize("kind", ["instances", "clusters"])
def test_a_parameter_says_that_a_user_set_it(groups, kind):
    assert [one["Source"] for one in groups[kind]("aurora-mysql8.0", "long_query_time", "1", Source="user")] == ["user"]


@pytest.mark.parametrize(
    ("kind", "family", "name", "value"),
    [
        ("clusters", "aurora-postgresql17", "rds.force_ssl", "1"),
        ("clusters", "aurora-mysql8.0", "character_set_server", "utf8mb4"),
        ("instances", "mysql8.0", "require_secure_transport", "OFF"),
    ],
)
def test_a_parameter_with_the_engine_s_own_value_is_nobody_s(groups, kind, family, name, value):
    said = groups[kind](family, name, value)
    assert [(one["Source"], one["ApplyMethod"]) for one in said] == [("system", "pending-reboot")]


def test_a_parameter_with_the_engine_s_own_value_is_not_among_the_user_s(groups):
    assert groups["clusters"]("aurora-postgresql17", "rds.force_ssl", "1", Source="user") == []


def test_a_value_that_differs_from_the_engine_s_keeps_its_method(groups):
    said = groups["clusters"]("aurora-postgresql16", "rds.force_ssl", "1", "pending-reboot")
    assert [(one["Source"], one["ApplyMethod"]) for one in said] == [("user", "pending-reboot")]


@pytest.mark.parametrize("kind", ["instances", "clusters"])
def test_a_static_parameter_cannot_change_at_once(groups, kind):
    with pytest.raises(Exception) as raised:
        groups[kind]("aurora-postgresql17", "shared_preload_libraries", "pg_cron")
    error = raised.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("InvalidParameterCombination", "cannot use immediate apply method for static parameter")


MAJOR = "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."


def test_an_instance_becomes_another_major_version_only_where_that_is_allowed(client):
    rds = client("rds")
    made = {"DBInstanceIdentifier": "one", "Engine": "mysql", "EngineVersion": "8.0", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20}
    rds.create_db_instance(**made, MasterUsername="admin", MasterUserPassword="long-enough")
    with pytest.raises(Exception) as raised:
        rds.modify_db_instance(DBInstanceIdentifier="one", EngineVersion="8.4", ApplyImmediately=True)
    assert (raised.value.response["Error"]["Code"], raised.value.response["Error"]["Message"]) == ("InvalidParameterCombination", MAJOR)
    rds.modify_db_instance(DBInstanceIdentifier="one", EngineVersion="8.0.43", ApplyImmediately=True)
    rds.modify_db_instance(DBInstanceIdentifier="one", EngineVersion="8.4", AllowMajorVersionUpgrade=True, ApplyImmediately=True)
    assert instance(rds, "one")["EngineVersion"] == "8.4"


def test_a_cluster_becomes_another_major_version_only_where_that_is_allowed(client, refused):
    rds = client("rds")
    made = {"Engine": "aurora-postgresql", "EngineVersion": "17.7", "MasterUsername": "admin", "MasterUserPassword": "long-enough"}
    rds.create_db_cluster(DBClusterIdentifier="aurora", **made)
    upgrade = {"DBClusterIdentifier": "aurora", "EngineVersion": "18.1", "ApplyImmediately": True}
    assert refused(rds.modify_db_cluster, **upgrade) == "InvalidParameterCombination"
    rds.modify_db_cluster(DBClusterIdentifier="aurora", EngineVersion="17.9", ApplyImmediately=True)
    rds.modify_db_cluster(**upgrade, AllowMajorVersionUpgrade=True)


def test_a_cluster_says_how_much_its_insights_keep(rds):
    assert rds.describe_db_clusters(DBClusterIdentifier="aurora")["DBClusters"][0]["DatabaseInsightsMode"] == "standard"


def test_nothing_stands_around_a_cluster(rds):
    assert rds.describe_pending_maintenance_actions()["PendingMaintenanceActions"] == []
    endpoints = rds.describe_db_cluster_endpoints(DBClusterIdentifier="aurora")["DBClusterEndpoints"]
    assert [endpoint["EndpointType"] for endpoint in endpoints] == ["WRITER", "READER"]
    assert (rds.describe_blue_green_deployments()["BlueGreenDeployments"], rds.describe_db_proxies()["DBProxies"]) == ([], [])
