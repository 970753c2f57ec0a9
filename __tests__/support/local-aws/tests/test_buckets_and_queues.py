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


def test_a_function_keeps_where_its_failures_and_lines_go(client, queue):
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.mjs", "export const handler = async () => ({});")
    iam = client("iam")
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[]}')["Role"]["Arn"]
    dead = {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:work"}
    functions = client("lambda")
    made = {"FunctionName": "worker", "Runtime": "nodejs22.x", "Handler": "index.handler", "Role": role, "Code": {"ZipFile": code.getvalue()}}
    functions.create_function(**made, DeadLetterConfig=dead, LoggingConfig={"LogFormat": "JSON", "LogGroup": "/app/worker"})
    functions.update_function_configuration(FunctionName="worker", Timeout=60)
    found = functions.get_function_configuration(FunctionName="worker")
    assert (found["DeadLetterConfig"], found["LoggingConfig"]) == (dead, {"LogFormat": "JSON", "LogGroup": "/app/worker"})
