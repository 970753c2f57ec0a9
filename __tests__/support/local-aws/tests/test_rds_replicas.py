import pytest

WEST = "us-west-2"


@pytest.fixture
def source(client):
    """The source's ARN."""
    made = client("rds").create_db_instance(
        DBInstanceIdentifier="orders",
        Engine="mysql",
        DBInstanceClass="db.t3.small",
        AllocatedStorage=100,
        MasterUsername="admin",
        MasterUserPassword="long-enough",
        StorageEncrypted=True,
        DeletionProtection=True,
        EngineLifecycleSupport="open-source-rds-extended-support-disabled",
    )
    return made["DBInstance"]["DBInstanceArn"]


@pytest.fixture
def west(client):
    """RDS in another region, with a subnet group of that region."""
    ec2 = client("ec2", WEST)
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.1.{n}.0/24", AvailabilityZone=f"{WEST}{'ab'[n]}")["Subnet"]["SubnetId"] for n in range(2)]
    rds = client("rds", WEST)
    rds.create_db_subnet_group(DBSubnetGroupName="west", DBSubnetGroupDescription="west", SubnetIds=subnets)
    return rds


def replicate(rds, source, **more):
    given = {"DBSubnetGroupName": "west", "KmsKeyId": "key-of-the-west", **more}
    return rds.create_db_instance_read_replica(DBInstanceIdentifier="orders-replica", SourceDBInstanceIdentifier=source, **given)["DBInstance"]


def only(rds, name):
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def test_a_replica_lives_in_its_own_region(client, source, west):
    replica = replicate(west, source)
    assert replica["DBSubnetGroup"]["DBSubnetGroupName"] == "west"
    assert replica["AvailabilityZone"].startswith(WEST)
    assert replica["DBInstanceArn"] == "arn:aws:rds:us-west-2:123456789012:db:orders-replica"
    assert replica["DbiResourceId"] != only(client("rds"), "orders")["DbiResourceId"]


def test_a_replica_takes_engine_and_user_from_its_source_and_nothing_else(source, west):
    replica = replicate(west, source)
    inherited = (replica["Engine"], replica["MasterUsername"], replica["AllocatedStorage"], replica["EngineLifecycleSupport"])
    assert inherited == ("mysql", "admin", 100, "open-source-rds-extended-support-disabled")
    assert (replica["DeletionProtection"], replica["BackupRetentionPeriod"], replica["KmsKeyId"]) == (False, 0, "key-of-the-west")


def test_source_and_replica_name_each_other_across_regions(client, source, west):
    replica = replicate(west, source)
    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == source
    assert only(client("rds"), "orders")["ReadReplicaDBInstanceIdentifiers"] == [replica["DBInstanceArn"]]


def test_a_deleted_replica_leaves_its_source(client, source, west):
    replicate(west, source)
    west.delete_db_instance(DBInstanceIdentifier="orders-replica", SkipFinalSnapshot=True)
    assert only(client("rds"), "orders")["ReadReplicaDBInstanceIdentifiers"] == []


def test_an_encrypted_replica_elsewhere_needs_a_key_of_its_own(source, west, refused):
    code = refused(west.create_db_instance_read_replica, DBInstanceIdentifier="orders-replica", SourceDBInstanceIdentifier=source, DBSubnetGroupName="west")
    assert code == "InvalidParameterCombination"


def test_a_source_without_backups_is_refused(client, west, refused):
    rds = client("rds")
    more = {"MasterUsername": "admin", "MasterUserPassword": "long-enough", "AllocatedStorage": 20, "BackupRetentionPeriod": 0}
    source = rds.create_db_instance(DBInstanceIdentifier="bare", Engine="mysql", DBInstanceClass="db.t3.small", **more)["DBInstance"]["DBInstanceArn"]
    assert refused(west.create_db_instance_read_replica, DBInstanceIdentifier="copy", SourceDBInstanceIdentifier=source) == "InvalidDBInstanceState"


def test_extended_support_is_on_unless_said_otherwise(client):
    rds = client("rds")
    rds.create_db_cluster(DBClusterIdentifier="pg", Engine="aurora-postgresql", MasterUsername="postgres", MasterUserPassword="long-enough")
    assert rds.describe_db_clusters(DBClusterIdentifier="pg")["DBClusters"][0]["EngineLifecycleSupport"] == "open-source-rds-extended-support"
