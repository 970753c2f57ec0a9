import base64

import pytest

GROUP = "app"


@pytest.fixture
def group(client):
    """Four instances of m5.4xlarge over three subnets, then a second template version with m5.2xlarge."""
    ec2, autoscaling = client("ec2"), client("autoscaling")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]["SubnetId"]
        for number, zone in enumerate("abc")
    ]
    data = {"ImageId": "resolve:ssm:/aws/service/ami", "InstanceType": "m5.4xlarge", "UserData": base64.b64encode(b"#!/bin/sh").decode(), "Monitoring": {"Enabled": True}}
    template = ec2.create_launch_template(LaunchTemplateName="app", LaunchTemplateData=data)["LaunchTemplate"]["LaunchTemplateId"]
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=GROUP,
        MinSize=1,
        MaxSize=6,
        DesiredCapacity=4,
        VPCZoneIdentifier=",".join(subnets),
        LaunchTemplate={"LaunchTemplateId": template, "Version": "1"},
    )
    return template


def smaller(client, template, **more):
    return client("ec2").create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"InstanceType": "m5.2xlarge"}, **more
    )["LaunchTemplateVersion"]


def use_version(client, template, version):
    client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=GROUP, LaunchTemplate={"LaunchTemplateId": template, "Version": version})


def instances(client):
    return client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"][0]["Instances"]


def types(client):
    return sorted(instance["InstanceType"] for instance in instances(client))


def refresh(client):
    return client("autoscaling").describe_instance_refreshes(AutoScalingGroupName=GROUP)["InstanceRefreshes"][0]


def test_a_version_inherits_its_source_and_changes_what_is_said(client, group):
    data = smaller(client, group)["LaunchTemplateData"]
    assert data["InstanceType"] == "m5.2xlarge"
    assert (data["ImageId"], data["Monitoring"]) == ("resolve:ssm:/aws/service/ami", {"Enabled": True})


def test_a_group_keeps_how_long_an_instance_lives_and_how_it_is_replaced(client, group):
    autoscaling = client("autoscaling")
    kept = {"MaxInstanceLifetime": 2592000, "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}}
    autoscaling.update_auto_scaling_group(AutoScalingGroupName=GROUP, **kept)
    described = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"][0]
    assert {name: described[name] for name in kept} == kept


def test_a_client_token_makes_one_version_only(client, group, refused):
    first = smaller(client, group, ClientToken="step-1")["VersionNumber"]
    again = smaller(client, group, ClientToken="step-1")["VersionNumber"]
    assert (first, again) == (2, 2)
    other = {"LaunchTemplateId": group, "SourceVersion": "1", "LaunchTemplateData": {"InstanceType": "m5.large"}, "ClientToken": "step-1"}
    assert refused(client("ec2").create_launch_template_version, **other) == "IdempotentParameterMismatch"


def test_instances_are_spread_over_the_zones(client, group):
    zones = [instance["AvailabilityZone"] for instance in instances(client)]
    assert sorted(zones.count(zone) for zone in set(zones)) == [1, 1, 2]


def test_a_refresh_replaces_instances_as_time_passes(server, client, group):
    smaller(client, group)
    use_version(client, group, "2")
    server.ask("/tap/durations", {"instance_refresh": 400})
    client("autoscaling").start_instance_refresh(AutoScalingGroupName=GROUP)
    assert types(client) == ["m5.4xlarge"] * 4
    server.advance(210)
    assert types(client) == ["m5.2xlarge"] * 2 + ["m5.4xlarge"] * 2
    assert (refresh(client)["Status"], refresh(client)["PercentageComplete"]) == ("InProgress", 50)
    server.advance(200)
    assert types(client) == ["m5.2xlarge"] * 4
    assert refresh(client)["Status"] == "Successful"
    assert {instance["LaunchTemplate"]["Version"] for instance in instances(client)} == {"2"}


def test_a_cancelled_refresh_leaves_both_types(server, client, group):
    smaller(client, group)
    use_version(client, group, "2")
    server.ask("/tap/durations", {"instance_refresh": 400})
    client("autoscaling").start_instance_refresh(AutoScalingGroupName=GROUP)
    server.advance(110)
    assert refresh(client)["Status"] == "InProgress"
    client("autoscaling").cancel_instance_refresh(AutoScalingGroupName=GROUP)
    assert refresh(client)["Status"] == "Cancelled"
    assert types(client) == ["m5.2xlarge"] + ["m5.4xlarge"] * 3


def test_a_refresh_that_skips_what_matches_replaces_nothing_twice(client, group):
    smaller(client, group)
    use_version(client, group, "2")
    client("autoscaling").start_instance_refresh(AutoScalingGroupName=GROUP)
    before = {instance["InstanceId"] for instance in instances(client)}
    client("autoscaling").start_instance_refresh(AutoScalingGroupName=GROUP, Preferences={"SkipMatching": True})
    assert {instance["InstanceId"] for instance in instances(client)} == before


def test_a_group_takes_the_desired_configuration_when_the_refresh_has_succeeded(server, client, group):
    smaller(client, group)
    server.ask("/tap/durations", {"instance_refresh": 400})
    desired = {"LaunchTemplate": {"LaunchTemplateId": group, "Version": "2"}}
    client("autoscaling").start_instance_refresh(AutoScalingGroupName=GROUP, DesiredConfiguration=desired, Preferences={"SkipMatching": True})
    server.advance(210)
    assert (types(client), reference(client)) == (["m5.2xlarge"] * 2 + ["m5.4xlarge"] * 2, "1")
    assert refresh(client)["DesiredConfiguration"]["LaunchTemplate"]["Version"] == "2"
    server.advance(200)
    assert (types(client), reference(client)) == (["m5.2xlarge"] * 4, "2")


def reference(client):
    return client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"][0]["LaunchTemplate"]["Version"]


def test_only_one_refresh_runs_at_a_time(server, client, group, refused):
    server.ask("/tap/durations", {"instance_refresh": 400})
    autoscaling = client("autoscaling")
    autoscaling.start_instance_refresh(AutoScalingGroupName=GROUP)
    assert refused(autoscaling.start_instance_refresh, AutoScalingGroupName=GROUP) == "InstanceRefreshInProgress"


def test_there_is_nothing_to_cancel_without_a_refresh(client, group, refused):
    assert refused(client("autoscaling").cancel_instance_refresh, AutoScalingGroupName=GROUP) == "ActiveInstanceRefreshNotFound"


def test_settings_of_a_group_are_kept(client, group):
    autoscaling = client("autoscaling")
    autoscaling.update_auto_scaling_group(AutoScalingGroupName=GROUP, DefaultInstanceWarmup=180, TerminationPolicies=["OldestInstance"])
    found = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"][0]
    assert (found["DefaultInstanceWarmup"], found["TerminationPolicies"]) == (180, ["OldestInstance"])


def test_a_rule_that_names_a_group_keeps_its_description(client, group):
    ec2 = client("ec2")
    one = ec2.create_security_group(GroupName="one", Description="one")["GroupId"]
    permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [{"GroupId": one, "Description": "from one"}]}
    rules = ec2.authorize_security_group_ingress(GroupId=one, IpPermissions=[permission])["SecurityGroupRules"]
    assert rules[0]["Description"] == "from one"
