import pytest


@pytest.fixture
def service(client):
    ecs = client("ecs")
    ecs.create_cluster(clusterName="app")
    ecs.register_task_definition(family="app", containerDefinitions=[{"name": "app", "image": "app", "memory": 128}])
    more = {"deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": True, "rollback": True}, "minimumHealthyPercent": 100}}
    ecs.create_service(cluster="app", serviceName="app", taskDefinition="app", desiredCount=2, enableECSManagedTags=True, healthCheckGracePeriodSeconds=60, **more)
    return lambda: ecs.describe_services(cluster="app", services=["app"])["services"][0]


def test_a_service_keeps_its_settings(service):
    found = service()
    assert (found["enableECSManagedTags"], found["healthCheckGracePeriodSeconds"], found["enableExecuteCommand"]) == (True, 60, False)
    assert found["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}


def test_an_update_leaves_what_it_does_not_name(client, service):
    client("ecs").update_service(cluster="app", service="app", healthCheckGracePeriodSeconds=90)
    found = service()
    assert (found["enableECSManagedTags"], found["healthCheckGracePeriodSeconds"]) == (True, 90)


def test_a_deployment_tells_what_it_took_the_place_of(client, service):
    ecs = client("ecs")
    ecs.register_task_definition(family="app", containerDefinitions=[{"name": "app", "image": "app", "memory": 256}])
    ecs.update_service(cluster="app", service="app", taskDefinition="app:2")
    newest = ecs.list_service_deployments(cluster="app", service="app")["serviceDeployments"][0]
    found = ecs.describe_service_deployments(serviceDeploymentArns=[newest["serviceDeploymentArn"]])["serviceDeployments"][0]
    assert found["targetServiceRevision"]["arn"] == newest["targetServiceRevisionArn"]
    revisions = [source["arn"] for source in found["sourceServiceRevisions"]]
    (before,) = ecs.describe_service_revisions(serviceRevisionArns=revisions)["serviceRevisions"]
    assert before["taskDefinition"].endswith(":1")


TARGET = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount", "ResourceId": "service/app/app"}


def test_a_scalable_target_has_tags(client, service):
    scaling = client("application-autoscaling")
    arn = scaling.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=3, Tags={"Owner": "team"})["ScalableTargetARN"]
    scaling.tag_resource(ResourceARN=arn, Tags={"Stack": "one"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["Owner"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Stack": "one"}


def test_an_unknown_target_has_none(client, refused):
    arn = "arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/none"
    assert refused(client("application-autoscaling").list_tags_for_resource, ResourceARN=arn) == "ResourceNotFoundException"
