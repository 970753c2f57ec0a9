import pytest

WEST = "us-west-2"
POLICY = '{"Version":"2012-10-17","Statement":[]}'


@pytest.fixture
def key(client):
    """The id that primary and replica share."""
    return client("kms").create_key(MultiRegion=True, Description="of the east")["KeyMetadata"]["KeyId"]


def described(client, key, region):
    return client("kms", region).describe_key(KeyId=key)["KeyMetadata"]


def test_a_replica_keeps_what_it_was_made_with(client, key):
    client("kms").replicate_key(KeyId=key, ReplicaRegion=WEST, Policy=POLICY, Description="of the west", Tags=[{"TagKey": "Owner", "TagValue": "team"}])
    west = client("kms", WEST)
    assert described(client, key, WEST)["Description"] == "of the west"
    assert west.get_key_policy(KeyId=key, PolicyName="default")["Policy"] == POLICY
    assert west.list_resource_tags(KeyId=key)["Tags"] == [{"TagKey": "Owner", "TagValue": "team"}]


def test_the_primary_stays_the_primary(client, key):
    client("kms").replicate_key(KeyId=key, ReplicaRegion=WEST)
    kinds = [described(client, key, region)["MultiRegionConfiguration"]["MultiRegionKeyType"] for region in (WEST, "us-east-1")]
    assert kinds == ["REPLICA", "PRIMARY"]


def test_a_deleted_replica_leaves_its_family(client, key):
    client("kms").replicate_key(KeyId=key, ReplicaRegion=WEST)
    client("kms", WEST).schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    primary = described(client, key, "us-east-1")
    assert (primary["KeyState"], primary["MultiRegionConfiguration"]["ReplicaKeys"]) == ("Enabled", [])


def test_a_key_of_one_region_has_no_replicas(client, refused):
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    assert refused(client("kms").replicate_key, KeyId=key, ReplicaRegion=WEST) == "ValidationException"


def test_a_secret_s_replica_has_the_key_it_was_given(client):
    secrets = client("secretsmanager")
    secrets.create_secret(Name="password", SecretString="long-enough", AddReplicaRegions=[{"Region": WEST, "KmsKeyId": "alias/west"}])
    assert [one["KmsKeyId"] for one in secrets.describe_secret(SecretId="password")["ReplicationStatus"]] == ["alias/west"]
