from email.utils import parsedate_to_datetime

import pytest


def test_every_answer_carries_the_servers_time(server, client):
    server.advance(3600)
    now_ms = server.ask("/tap/clock")["nowMs"]
    answer = client("sts").get_caller_identity()
    date = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    assert abs(date.timestamp() * 1000 - now_ms) < 5000


def test_the_clock_never_goes_back(server):
    with pytest.raises(Exception, match="400"):
        server.ask("/tap/clock", {"now": "2020-01-01T00:00:00Z"})


def test_the_clock_can_be_set_to_a_later_time(server):
    server.advance(10)
    later = server.ask("/tap/clock")["nowMs"] / 1000 + 86_400
    from datetime import datetime, timezone

    server.ask("/tap/clock", {"now": datetime.fromtimestamp(later, timezone.utc).isoformat()})
    assert abs(server.ask("/tap/clock")["nowMs"] / 1000 - later) < 5


def test_calls_that_change_something_are_listed_and_readers_are_not(server, client):
    before = len(server.ask("/tap/calls"))
    client("sns").list_topics()
    client("sns").create_topic(Name="news")
    calls = server.ask(f"/tap/calls?since={before}")
    assert [(call["service"], call["action"], call["parameters"]["Name"]) for call in calls] == [("sns", "CreateTopic", "news")]


def test_an_action_nobody_built_is_refused_at_once_and_listed(server, client, refused):
    before = len(server.ask("/tap/unsupported"))
    assert refused(client("autoscaling").rollback_instance_refresh, AutoScalingGroupName="app") == "LocalAwsNotImplemented"
    assert [call["action"] for call in server.ask(f"/tap/unsupported?since={before}")] == ["RollbackInstanceRefresh"]


def test_resources_lists_what_exists(server, client):
    client("logs", "us-west-2").create_log_group(logGroupName="/tap/app")
    assert server.ask("/tap/resources?regions=us-west-2")["us-west-2 log groups"] == ["/tap/app"]


def test_an_unknown_duration_is_refused(server):
    with pytest.raises(Exception, match="400"):
        server.ask("/tap/durations", {"coffee": 5})


def test_a_key_of_ones_own_is_left_behind_and_awss_are_not(server, client):
    kms = client("kms")
    own = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.describe_key(KeyId="alias/aws/rds")
    assert len(kms.list_keys()["Keys"]) == 2
    assert server.ask("/tap/resources?regions=us-east-1")["us-east-1 keys"] == [own]
