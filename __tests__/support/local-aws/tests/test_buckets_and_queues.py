import io
import json
import zipfile

import pytest


@pytest.fixture
def bucket(client):
    client("s3").create_bucket(Bucket="data")
    return client("s3")


def test_a_lifecycle_rule_keeps_some_noncurrent_versions(bucket):
    rule = {"ID": "old", "Status": "Enabled", "Filter": {}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3}}
    bucket.put_bucket_lifecycle_configuration(Bucket="data", LifecycleConfiguration={"Rules": [rule]})
    assert bucket.get_bucket_lifecycle_configuration(Bucket="data")["Rules"][0]["NoncurrentVersionExpiration"] == rule["NoncurrentVersionExpiration"]


def lifecycle_of(days, storage_class, expiration, noncurrent=None):
    """What log buckets had: objects move, and end, after so many days."""
    rule = {"ID": "expire-logs", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": expiration}}
    moves = {"Transitions": [{"Days": days, "StorageClass": storage_class}]}
    return {"Rules": [{**rule, **moves, **({} if noncurrent is None else noncurrent)}]}


def refusal(bucket, lifecycle):
    with pytest.raises(Exception) as raised:
        bucket.put_bucket_lifecycle_configuration(Bucket="data", LifecycleConfiguration=lifecycle)
    return raised.value.response["Error"]


@pytest.mark.parametrize("expiration", [30, 7])
def test_objects_must_not_end_before_they_have_moved(bucket, expiration):
    assert refusal(bucket, lifecycle_of(30, "STANDARD_IA", expiration)) == {
        "Code": "InvalidArgument",
        "Message": "'Days' in the Expiration action for filter '(prefix=)' must be greater than 'Days' in the Transition action",
    }


def test_the_end_may_stand_in_another_rule_for_the_same_objects(bucket):
    moving = {"ID": "move", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}]}
    ending = {"ID": "end", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}}
    assert "'(prefix=logs/)'" in refusal(bucket, {"Rules": [moving, ending]})["Message"]
    bucket.put_bucket_lifecycle_configuration(Bucket="data", LifecycleConfiguration={"Rules": [moving, {**ending, "Filter": {"Prefix": "other/"}}]})


def test_objects_must_be_old_enough_for_their_class(bucket):
    assert refusal(bucket, lifecycle_of(29, "STANDARD_IA", 365)) == {
        "Code": "InvalidArgument",
        "Message": "'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'",
    }


def test_old_versions_follow_the_same_rules(bucket):
    ends = {"NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
    moves = {"NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "STANDARD_IA"}]}
    error = refusal(bucket, lifecycle_of(30, "STANDARD_IA", 90, {**ends, **moves}))
    assert (error["Code"], "NoncurrentVersionExpiration" in error["Message"]) == ("InvalidArgument", True)


@pytest.mark.parametrize(("storage_class", "days"), [("STANDARD_IA", 30), ("INTELLIGENT_TIERING", 0)])
def test_objects_that_end_later_may_move(bucket, storage_class, days):
    bucket.put_bucket_lifecycle_configuration(Bucket="data", LifecycleConfiguration=lifecycle_of(days, storage_class, 90))
    assert bucket.get_bucket_lifecycle_configuration(Bucket="data")["Rules"][0]["Transitions"] == [{"Days": days, "StorageClass": storage_class}]


TIERS = {"Id": "all", "Status": "Enabled", "Tierings": [{"AccessTier": "ARCHIVE_ACCESS", "Days": 90}]}


def test_archive_tiers_are_kept_until_they_are_deleted(bucket, refused):
    bucket.put_bucket_intelligent_tiering_configuration(Bucket="data", Id="all", IntelligentTieringConfiguration=TIERS)
    assert bucket.get_bucket_intelligent_tiering_configuration(Bucket="data", Id="all")["IntelligentTieringConfiguration"] == TIERS
    bucket.delete_bucket_intelligent_tiering_configuration(Bucket="data", Id="all")
    assert refused(bucket.get_bucket_intelligent_tiering_configuration, Bucket="data", Id="all") == "NoSuchConfiguration"


def statement(effect, principal, resource):
    return {"Effect": effect, "Principal": principal, "Action": "s3:PutObject", "Resource": resource}


LOGGING = {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": "s3/data/"}}
TO_ALL = statement("Deny", "*", "arn:aws:s3:::logs/*")


@pytest.mark.parametrize("resource", ["arn:aws:s3:::logs/s3/*", "arn:aws:s3:::logs/s3/data/*", "arn:aws:s3:::logs/*"])
def test_a_bucket_logs_where_the_other_s_policy_lets_it(bucket, resource):
    bucket.create_bucket(Bucket="logs")
    policy = {"Version": "2012-10-17", "Statement": [TO_ALL, statement("Allow", {"Service": "logging.s3.amazonaws.com"}, resource)]}
    bucket.put_bucket_policy(Bucket="logs", Policy=json.dumps(policy))
    bucket.put_bucket_logging(Bucket="data", BucketLoggingStatus=LOGGING)
    assert bucket.get_bucket_logging(Bucket="data")["LoggingEnabled"]["TargetPrefix"] == "s3/data/"


@pytest.mark.parametrize("resource", ["arn:aws:s3:::logs/elb/*", "arn:aws:s3:::others/*"])
def test_a_bucket_does_not_log_elsewhere(bucket, refused, resource):
    bucket.create_bucket(Bucket="logs")
    policy = {"Version": "2012-10-17", "Statement": [TO_ALL, statement("Allow", {"Service": "logging.s3.amazonaws.com"}, resource)]}
    bucket.put_bucket_policy(Bucket="logs", Policy=json.dumps(policy))
    assert refused(bucket.put_bucket_logging, Bucket="data", BucketLoggingStatus=LOGGING) == "InvalidTargetBucketForLogging"


@pytest.fixture
def queue(client):
    return client("sqs").create_queue(QueueName="work")["QueueUrl"]


def test_a_queue_says_who_may_send_it_dead_letters(client, queue):
    allow = json.dumps({"redrivePermission": "denyAll"})
    client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"RedriveAllowPolicy": allow})
    assert client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["RedriveAllowPolicy"])["Attributes"] == {"RedriveAllowPolicy": allow}


def test_a_queue_s_policy_outlives_a_change_of_something_else(client, queue):
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sqs:*"}]})
    client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "60"})
    assert client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]["Policy"] == policy


def trust(service="lambda.amazonaws.com", **condition):
    allow = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [{**allow, **({"Condition": condition} if condition else {})}]}


def made_with(client, policy):
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.mjs", "export const handler = async () => ({});")
    role = client("iam").create_role(RoleName="called", AssumeRolePolicyDocument=json.dumps(policy))["Role"]["Arn"]
    made = {"FunctionName": "called", "Runtime": "nodejs22.x", "Handler": "index.handler", "Role": role, "Code": {"ZipFile": code.getvalue()}}
    return client("lambda").create_function(**made)


def source_account(account):
    return {"StringEquals": {"aws:SourceAccount": account}}


@pytest.mark.parametrize("policy", [trust(), trust(**source_account("123456789012"))])
def test_lambda_takes_a_role_that_it_can_assume_for_this_account(client, policy):
    assert made_with(client, policy)["FunctionName"] == "called"


@pytest.mark.parametrize("policy", [trust("ec2.amazonaws.com"), trust(**source_account("210987654321")), {"Version": "2012-10-17", "Statement": []}])
def test_lambda_refuses_a_role_that_it_cannot_assume(client, policy):
    with pytest.raises(Exception) as raised:
        made_with(client, policy)
    error = raised.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.")


def test_a_function_keeps_where_its_failures_and_lines_go(client, queue):
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.mjs", "export const handler = async () => ({});")
    iam = client("iam")
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(trust()))["Role"]["Arn"]
    dead = {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:work"}
    functions = client("lambda")
    made = {"FunctionName": "worker", "Runtime": "nodejs22.x", "Handler": "index.handler", "Role": role, "Code": {"ZipFile": code.getvalue()}}
    functions.create_function(**made, DeadLetterConfig=dead, LoggingConfig={"LogFormat": "JSON", "LogGroup": "/app/worker"})
    functions.update_function_configuration(FunctionName="worker", Timeout=60)
    found = functions.get_function_configuration(FunctionName="worker")
    assert (found["DeadLetterConfig"], found["LoggingConfig"]) == (dead, {"LogFormat": "JSON", "LogGroup": "/app/worker"})
