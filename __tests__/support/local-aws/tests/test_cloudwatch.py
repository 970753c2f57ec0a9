from datetime import datetime, timedelta, timezone

import pytest

START = datetime(2026, 11, 1, tzinfo=timezone.utc)
DIMENSIONS = [{"Name": "LoadBalancer", "Value": "app/tap/1"}]


@pytest.fixture
def cloudwatch(client):
    return client("cloudwatch")


def put(cloudwatch, minute, **datum):
    at = START + timedelta(minutes=minute)
    cloudwatch.put_metric_data(Namespace="AWS/ApplicationELB", MetricData=[{"MetricName": "TargetResponseTime", "Dimensions": DIMENSIONS, "Timestamp": at, **datum}])


def get(cloudwatch, statistic, period, start=START, hours=1, **more):
    metric = {"Namespace": "AWS/ApplicationELB", "MetricName": "TargetResponseTime", "Dimensions": DIMENSIONS}
    query = {"Id": "m0", "MetricStat": {"Metric": metric, "Period": period, "Stat": statistic}}
    answer = cloudwatch.get_metric_data(MetricDataQueries=[query], StartTime=start, EndTime=start + timedelta(hours=hours), ScanBy="TimestampAscending", **more)
    found = answer["MetricDataResults"][0]
    return [((at - START).total_seconds() / 60, value) for at, value in zip(found["Timestamps"], found["Values"], strict=True)]


def test_periods_start_at_multiples_of_their_length(cloudwatch):
    put(cloudwatch, 7, Value=1)
    put(cloudwatch, 16, Value=2)
    assert get(cloudwatch, "Sum", 900, start=START + timedelta(minutes=2)) == [(0, 1), (15, 2)]


def test_statistic_sets_of_a_period_are_merged(cloudwatch):
    put(cloudwatch, 0, StatisticValues={"SampleCount": 2, "Sum": 6, "Minimum": 1, "Maximum": 5})
    put(cloudwatch, 1, StatisticValues={"SampleCount": 2, "Sum": 2, "Minimum": 0, "Maximum": 2})
    assert [get(cloudwatch, name, 300)[0][1] for name in ("SampleCount", "Sum", "Minimum", "Maximum", "Average")] == [4, 8, 0, 5, 2]


def test_percentiles_come_from_the_samples(cloudwatch):
    put(cloudwatch, 0, Values=[0.1, 0.2, 0.9], Counts=[980, 15, 5])
    assert [get(cloudwatch, name, 900)[0][1] for name in ("p95", "p99", "p99.5", "p100")] == [0.1, 0.2, 0.2, 0.9]


def test_a_statistic_set_has_no_percentile(cloudwatch):
    put(cloudwatch, 0, StatisticValues={"SampleCount": 2, "Sum": 6, "Minimum": 1, "Maximum": 5})
    assert get(cloudwatch, "p99", 900) == []


def test_nothing_is_not_zero(cloudwatch):
    put(cloudwatch, 40, Value=3)
    assert get(cloudwatch, "Sum", 900) == [(30, 3)]


def test_a_metric_without_the_same_dimensions_is_another(cloudwatch):
    cloudwatch.put_metric_data(Namespace="AWS/ApplicationELB", MetricData=[{"MetricName": "TargetResponseTime", "Timestamp": START, "Value": 9}])
    assert get(cloudwatch, "Sum", 900) == []


def test_an_unknown_statistic_is_refused(cloudwatch, refused):
    put(cloudwatch, 0, Value=3)
    query = {"Id": "m0", "MetricStat": {"Metric": {"Namespace": "AWS/ApplicationELB", "MetricName": "TargetResponseTime", "Dimensions": DIMENSIONS}, "Period": 60, "Stat": "Mode"}}
    assert refused(cloudwatch.get_metric_data, MetricDataQueries=[query], StartTime=START, EndTime=START + timedelta(hours=1)) == "ValidationError"


def test_metrics_are_listed_once(cloudwatch):
    put(cloudwatch, 0, Value=1)
    put(cloudwatch, 1, Value=1)
    assert [metric["MetricName"] for metric in cloudwatch.list_metrics(Namespace="AWS/ApplicationELB")["Metrics"]] == ["TargetResponseTime"]


def test_an_alarm_over_alarms_is_kept_apart_from_them(cloudwatch):
    cloudwatch.put_composite_alarm(AlarmName="region", AlarmRule='ALARM("cpu")', AlarmActions=["arn:aws:sns:us-east-1:123456789012:alarms"])
    found = cloudwatch.describe_alarms(AlarmNames=["region"], AlarmTypes=["CompositeAlarm"])
    assert [(alarm["AlarmName"], alarm["AlarmRule"]) for alarm in found["CompositeAlarms"]] == [("region", 'ALARM("cpu")')]
    assert found["MetricAlarms"] == []
