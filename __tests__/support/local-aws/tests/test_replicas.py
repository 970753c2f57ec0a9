import json

PEER = "us-west-2"
TAGS = [{"TagKey": "Stack", "TagValue": "east"}]


def multi_region_key(kms):
    return kms.create_key(Description="original", MultiRegion=True, Tags=TAGS)["KeyMetadata"]


def test_a_copy_of_a_key_has_description_policy_tags_and_role_of_its_own(client):
    kms, peer = client("kms"), client("kms", PEER)
    key = multi_region_key(kms)
    policy = {"Version": "2012-10-17", "Statement": []}
    kms.create_alias(AliasName="alias/original", TargetKeyId=key["KeyId"])
    kms.replicate_key(KeyId=key["KeyId"], ReplicaRegion=PEER, Description="copy", Policy=json.dumps(policy), Tags=TAGS)

    copy = peer.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert copy["Arn"] == key["Arn"].replace("us-east-1", PEER)
    assert copy["Description"] == "copy"
    assert copy["MultiRegionConfiguration"]["MultiRegionKeyType"] == "REPLICA"
    assert copy["MultiRegionConfiguration"]["PrimaryKey"]["Arn"] == key["Arn"]
    assert json.loads(peer.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]) == policy
    assert peer.list_resource_tags(KeyId=key["KeyId"])["Tags"] == TAGS
    assert peer.list_aliases(KeyId=key["KeyId"])["Aliases"] == []

    original = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert original["Description"] == "original"
    assert original["MultiRegionConfiguration"]["MultiRegionKeyType"] == "PRIMARY"


def test_a_copy_of_a_key_is_deleted_for_itself(client):
    kms, peer = client("kms"), client("kms", PEER)
    key = multi_region_key(kms)
    kms.replicate_key(KeyId=key["KeyId"], ReplicaRegion=PEER)
    peer.schedule_key_deletion(KeyId=key["KeyId"])
    assert peer.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"


def test_a_deleted_copy_leaves_its_family(client):
    kms = client("kms")
    key = multi_region_key(kms)
    kms.replicate_key(KeyId=key["KeyId"], ReplicaRegion=PEER)
    client("kms", PEER).schedule_key_deletion(KeyId=key["KeyId"])
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["MultiRegionConfiguration"]["ReplicaKeys"] == []


def test_a_key_of_one_region_has_no_copies(client, refused):
    kms = client("kms")
    assert refused(kms.replicate_key, KeyId=kms.create_key()["KeyMetadata"]["KeyId"], ReplicaRegion=PEER) == "ValidationException"


def test_a_copy_of_a_secret_names_the_key_that_was_asked_for(client, refused):
    secrets, peer = client("secretsmanager"), client("secretsmanager", PEER)
    arn = f"arn:aws:kms:{PEER}:123456789012:key/mrk-1"
    secret = secrets.create_secret(Name="password", SecretString="x", AddReplicaRegions=[{"Region": PEER, "KmsKeyId": arn}])
    assert [(one["Region"], one["KmsKeyId"]) for one in secrets.describe_secret(SecretId="password")["ReplicationStatus"]] == [(PEER, arn)]
    assert peer.get_secret_value(SecretId="password")["SecretString"] == "x"
    assert refused(secrets.delete_secret, SecretId=secret["ARN"], ForceDeleteWithoutRecovery=True) == "InvalidParameterException"
    secrets.remove_regions_from_replication(SecretId=secret["ARN"], RemoveReplicaRegions=[PEER])
    assert refused(peer.describe_secret, SecretId="password") == "ResourceNotFoundException"
