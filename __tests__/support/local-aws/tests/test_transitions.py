"""What takes AWS's time, and what AWS refuses meanwhile: of tables, functions, services, Redis, members and targets."""

import io
import json
import zipfile
from datetime import datetime

import pytest


@pytest.fixture
def table(client):
    dynamodb = client("dynamodb")
    units = {"ReadCapacityUnits": 10, "WriteCapacityUnits": 5}
    dynamodb.create_table(
        TableName="orders",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "day")],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PROVISIONED",
        ProvisionedThroughput=units,
        GlobalSecondaryIndexes=[
            {"IndexName": "by-day", "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": units}
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    return dynamodb


def described(table):
    return table.describe_table(TableName="orders")["Table"]


def test_a_stream_goes_once_and_comes_once(server, table, refused):
    server.ask("/tap/durations", {"table_change": 60})
    table.update_table(TableName="orders", StreamSpecification={"StreamEnabled": False})
    assert described(table)["TableStatus"] == "UPDATING"
    on = {"TableName": "orders", "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}}
    assert refused(table.update_table, **on) == "ResourceInUseException"
    server.advance(61)
    assert (described(table)["TableStatus"], "LatestStreamArn" in described(table)) == ("ACTIVE", False)
    assert refused(table.update_table, TableName="orders", StreamSpecification={"StreamEnabled": False}) == "ValidationException"
    table.update_table(**on)
    server.advance(61)
    assert refused(table.update_table, **on) == "ValidationException"


def test_a_table_is_switched_to_on_demand_four_times_a_day(server, table, refused):
    units = {"ReadCapacityUnits": 10, "WriteCapacityUnits": 5}
    back = {
        "TableName": "orders",
        "BillingMode": "PROVISIONED",
        "ProvisionedThroughput": units,
        "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "by-day", "ProvisionedThroughput": units}}],
    }
    for _ in range(4):
        table.update_table(TableName="orders", BillingMode="PAY_PER_REQUEST")
        assert refused(table.update_table, **{**back, "GlobalSecondaryIndexUpdates": []}) == "ValidationException"
        table.update_table(**back)
    assert refused(table.update_table, TableName="orders", BillingMode="PAY_PER_REQUEST") == "LimitExceededException"
    server.advance(86_400)
    table.update_table(TableName="orders", BillingMode="PAY_PER_REQUEST")
    assert described(table)["ProvisionedThroughput"]["ReadCapacityUnits"] == 0


def test_a_target_needs_bounds_that_do_not_exclude_each_other(client, refused):
    scaling = client("application-autoscaling")
    target = {"ServiceNamespace": "dynamodb", "ResourceId": "table/orders", "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}
    assert refused(scaling.register_scalable_target, **target, MaxCapacity=4) == "ValidationException"
    assert refused(scaling.register_scalable_target, **target, MinCapacity=5, MaxCapacity=4) == "ValidationException"
    scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=4)
    scaling.register_scalable_target(**target, SuspendedState={"DynamicScalingInSuspended": True})
    assert scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"][0]["SuspendedState"] == {
        "DynamicScalingInSuspended": True,
        "DynamicScalingOutSuspended": False,
        "ScheduledScalingSuspended": False,
    }


@pytest.fixture
def function(client):
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.js", "exports.handler = async () => ({});")
    client("lambda").create_function(FunctionName="worker", Role=role, Runtime="nodejs22.x", Handler="index.handler", Code={"ZipFile": code.getvalue()})
    return client("lambda")


def test_the_event_history_explains_when_a_function_was_modified(client, function):
    function.update_function_configuration(FunctionName="worker", MemorySize=512)
    asked = {"AttributeKey": "EventName", "AttributeValue": "UpdateFunctionConfiguration20150331v2"}
    [event] = client("cloudtrail").lookup_events(LookupAttributes=[asked])["Events"]
    modified = datetime.fromisoformat(function.get_function_configuration(FunctionName="worker")["LastModified"].replace("+0000", "+00:00"))
    assert abs((event["EventTime"] - modified).total_seconds()) < 1
    assert json.loads(event["CloudTrailEvent"])["requestParameters"] == {"functionName": "worker", "memorySize": 512}


def test_a_function_takes_one_update_at_a_time_of_what_was_read(server, function, refused):
    server.ask("/tap/durations", {"function_update": 60})
    read = function.get_function_configuration(FunctionName="worker")["RevisionId"]
    during = function.update_function_configuration(FunctionName="worker", MemorySize=512, RevisionId=read)
    assert (during["LastUpdateStatus"], during["MemorySize"]) == ("InProgress", 512)
    assert refused(function.update_function_configuration, FunctionName="worker", MemorySize=256) == "ResourceConflictException"
    server.advance(61)
    assert function.get_function_configuration(FunctionName="worker")["LastUpdateStatus"] == "Successful"
    for stale in (read, during["RevisionId"]):
        assert refused(function.update_function_configuration, FunctionName="worker", RevisionId=stale) == "PreconditionFailedException"
    assert refused(function.update_function_configuration, FunctionName="worker", Timeout=901) == "ValidationException"
    assert function.get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"] == 1000


FARGATE = {"requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{"name": "app", "image": "app"}]}


def test_another_revision_replaces_the_tasks_in_its_time(server, client, refused):
    server.ask("/tap/durations", {"service_deployment": 60})
    ecs = client("ecs")
    ecs.create_cluster(clusterName="app")
    assert refused(ecs.register_task_definition, family="app", cpu="512", memory="8192", **FARGATE) == "ClientException"
    ecs.register_task_definition(family="app", cpu="1024", memory="2048", **FARGATE)
    ecs.create_service(cluster="app", serviceName="app", taskDefinition="app", desiredCount=2)

    def service():
        return ecs.describe_services(cluster="app", services=["app"])["services"][0]

    assert service()["runningCount"] == 0
    server.advance(61)
    assert (service()["runningCount"], service()["deployments"][0]["rolloutState"]) == (2, "COMPLETED")
    ecs.register_task_definition(family="app", cpu="512", memory="1024", **FARGATE)
    ecs.update_service(cluster="app", service="app", taskDefinition="app:2")
    assert [one["status"] for one in service()["deployments"]] == ["PRIMARY", "ACTIVE"]
    assert len(ecs.list_service_deployments(cluster="app", service="app", status=["IN_PROGRESS"])["serviceDeployments"]) == 1
    server.advance(61)
    assert [one["taskDefinition"].rpartition("/")[2] for one in service()["deployments"]] == ["app:2"]
    ecs.deregister_task_definition(taskDefinition="app:1")
    assert refused(ecs.update_service, cluster="app", service="app", taskDefinition="app:1") == "ClientException"


def test_a_replication_group_takes_one_change_at_a_time(server, client, refused):
    server.ask("/tap/durations", {"cache_change": 60})
    cache = client("elasticache")
    cache.create_replication_group(
        ReplicationGroupId="redis", ReplicationGroupDescription="sessions", Engine="redis", CacheNodeType="cache.r6g.xlarge", NumNodeGroups=2, ReplicasPerNodeGroup=1
    )
    node_type = {"ReplicationGroupId": "redis", "ApplyImmediately": True}
    assert refused(cache.modify_replication_group, **node_type, CacheNodeType="cache.t1.micro") == "InvalidParameterValue"
    cache.modify_replication_group(**node_type, CacheNodeType="cache.r6g.large")
    assert {one["CacheClusterStatus"] for one in cache.describe_cache_clusters()["CacheClusters"]} == {"modifying"}
    assert refused(cache.increase_replica_count, **node_type, NewReplicaCount=2) == "InvalidReplicationGroupState"
    server.advance(61)
    assert cache.describe_replication_groups(ReplicationGroupId="redis")["ReplicationGroups"][0]["Status"] == "available"
    shards = {"ReplicationGroupId": "redis", "ApplyImmediately": True, "NodeGroupCount": 91}
    assert refused(cache.modify_replication_group_shard_configuration, **shards) == "NodeGroupsPerReplicationGroupQuotaExceeded"


def test_members_come_and_go_in_their_time(server, client, refused):
    server.ask("/tap/durations", {"instance_creation": 60, "instance_deletion": 60, "serverless_capacity": 60})
    rds = client("rds")
    range_of = {"MinCapacity": 4, "MaxCapacity": 16}
    rds.create_db_cluster(DBClusterIdentifier="aurora", Engine="aurora-mysql", MasterUsername="admin", MasterUserPassword="long-enough", ServerlessV2ScalingConfiguration=range_of)
    member = {"DBInstanceIdentifier": "aurora-1"}
    rds.create_db_instance(**member, DBClusterIdentifier="aurora", Engine="aurora-mysql", DBInstanceClass="db.serverless")
    assert rds.describe_db_instances(**member)["DBInstances"][0]["DBInstanceStatus"] == "creating"
    assert refused(rds.delete_db_instance, **member, SkipFinalSnapshot=True) == "InvalidDBInstanceState"
    server.advance(61)
    modify = {"DBClusterIdentifier": "aurora", "ApplyImmediately": True}
    assert refused(rds.modify_db_cluster, **modify, BackupRetentionPeriod=36) == "InvalidParameterValue"
    assert refused(rds.modify_db_cluster, **modify, ServerlessV2ScalingConfiguration={"MinCapacity": 1.2, "MaxCapacity": 4}) == "InvalidParameterValue"
    rds.modify_db_cluster(**modify, ServerlessV2ScalingConfiguration={"MinCapacity": 1, "MaxCapacity": 4})
    assert refused(rds.modify_db_cluster, **modify, BackupRetentionPeriod=7) == "InvalidDBClusterStateFault"
    server.advance(61)
    rds.delete_db_instance(**member, SkipFinalSnapshot=True)
    assert rds.describe_db_instances(**member)["DBInstances"][0]["DBInstanceStatus"] == "deleting"
    server.advance(61)
    assert refused(rds.describe_db_instances, **member) == "DBInstanceNotFound"


def test_bounds_of_a_group_do_not_exclude_each_other(client, refused):
    ec2, scaling = client("ec2"), client("autoscaling")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    template = ec2.create_launch_template(LaunchTemplateName="app", LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "m5.large"})["LaunchTemplate"]
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="app", MinSize=1, MaxSize=2, DesiredCapacity=1, VPCZoneIdentifier=subnet, LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"]}
    )
    for bounds in ({"MinSize": 3}, {"DesiredCapacity": 3}, {"MinSize": 2, "DesiredCapacity": 1}):
        assert refused(scaling.update_auto_scaling_group, AutoScalingGroupName="app", **bounds) == "ValidationError"


def test_a_bucket_keeps_from_which_size_on_objects_move(client, refused):
    s3 = client("s3")
    s3.create_bucket(Bucket="data")
    rules = {"Rules": [{"ID": "move", "Status": "Enabled", "Filter": {}, "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}]}]}
    s3.put_bucket_lifecycle_configuration(Bucket="data", LifecycleConfiguration=rules, TransitionDefaultMinimumObjectSize="varies_by_storage_class")
    assert s3.get_bucket_lifecycle_configuration(Bucket="data")["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"
    s3.put_bucket_lifecycle_configuration(Bucket="data", LifecycleConfiguration=rules)
    assert s3.get_bucket_lifecycle_configuration(Bucket="data")["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
    assert "IntelligentTieringConfigurationList" not in s3.list_bucket_intelligent_tiering_configurations(Bucket="data")
