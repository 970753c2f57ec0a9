"""
Tasks and deployments of services. In stock moto a new service never has a task that runs, another task definition runs nowhere, and any
pair of CPU and memory is a task for Fargate; it does not know service deployments.

Here a deployment, and a change of the number of tasks, takes `durations.service_deployment` seconds; both are settled whenever services are
described. None fails.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
"""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from moto.core.responses import ActionResult
from moto.ecs.exceptions import EcsClientException
from moto.ecs.models import EC2ContainerServiceBackend, Service, TaskDefinition
from moto.ecs.responses import EC2ContainerServiceResponse

from ..clock import clock
from ..patching import adds, wraps
from ..settings import durations

GIB = 1024
MEMORIES = {
    256: {512, GIB, 2 * GIB},
    512: set(range(GIB, 4 * GIB + 1, GIB)),
    1024: set(range(2 * GIB, 8 * GIB + 1, GIB)),
    2048: set(range(4 * GIB, 16 * GIB + 1, GIB)),
    4096: set(range(8 * GIB, 30 * GIB + 1, GIB)),
    8192: set(range(16 * GIB, 60 * GIB + 1, 4 * GIB)),
    16384: set(range(32 * GIB, 120 * GIB + 1, 8 * GIB)),
}


@wraps(Service)
def __init__(original: Any, self: Service, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    self.settles_at = clock.now() + timedelta(seconds=durations.service_deployment)
    self.revisions: dict[str, str] = {}
    self.service_deployments = [_record(self)] if self.deployments else []
    _settle(self)


def _record(service: Service) -> dict[str, Any]:
    place = service.arn.split(":service/")
    return {
        "serviceDeploymentArn": f"{place[0]}:service-deployment/{place[1]}/{uuid4().hex[:21]}",
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        "createdAt": clock.now(),
        "startedAt": clock.now(),
        "targetServiceRevisionArn": _revision(service),
        "status": "IN_PROGRESS",
    }


def _revision(service: Service) -> str:
    """A new revision of the service, which holds the definition that it has now."""
    place = service.arn.split(":service/")
    arn = f"{place[0]}:service-revision/{place[1]}/{uuid4().int % 10**19}"
    service.revisions[arn] = service.task_definition
    return arn


def _settle(service: Service) -> None:
    """All tasks are there, of one revision, once the time is over."""
    if not service.deployments or clock.now() < service.settles_at:
        return
    primary = service.deployments[0]
    service.deployments = [primary]
    service.running_count, service.pending_count = service.desired_count, 0
    primary.update(desiredCount=service.desired_count, runningCount=service.desired_count, pendingCount=0)
    if primary["rolloutState"] == "IN_PROGRESS":
        primary.update(rolloutState="COMPLETED", rolloutStateReason=f"ECS deployment {primary['id']} completed.")
        service.service_deployments[0].update(status="SUCCESSFUL", finishedAt=clock.now())


@wraps(EC2ContainerServiceBackend)
def describe_services(original: Any, self: EC2ContainerServiceBackend, cluster_str: str, service_names_or_arns: list[str]) -> Any:
    services, failures = original(self, cluster_str, service_names_or_arns)
    for service in services:
        _settle(service)
    return services, failures


@wraps(EC2ContainerServiceBackend)
def update_service(original: Any, self: EC2ContainerServiceBackend, service_properties: dict[str, Any]) -> Service:
    asked = service_properties.get("task_definition")
    definition = self.describe_task_definition(asked) if asked else None
    if definition is not None and definition.status != "ACTIVE":
        raise EcsClientException("TaskDefinition is inactive")
    service = self._get_service(service_properties.get("cluster", "default"), service_properties["service"].split("/")[-1])
    _settle(service)
    running, before = service.running_count, (service.task_definition, service.desired_count)
    changed = original(self, service_properties)
    changed.running_count, changed.pending_count = running, max(0, changed.desired_count - running)
    if definition is not None:
        changed.task_definition = definition.arn
    if changed.deployments and (changed.task_definition, changed.desired_count) != before:
        changed.settles_at = clock.now() + timedelta(seconds=durations.service_deployment)
        if changed.task_definition != before[0]:
            _deploy(changed)
        _settle(changed)
    return changed


def _deploy(service: Service) -> None:
    """The new deployment comes first; the one before it keeps its tasks until the new ones run."""
    replaced = service.deployments[0]
    identifier = f"ecs-svc/{uuid4().int % 10**19}"
    now = {"createdAt": clock.now(), "updatedAt": clock.now()}
    counts = {"desiredCount": service.desired_count, "runningCount": 0, "pendingCount": service.desired_count}
    state = {"rolloutState": "IN_PROGRESS", "rolloutStateReason": f"ECS deployment {identifier} in progress."}
    new = {**replaced, "id": identifier, "taskDefinition": service.task_definition, "status": "PRIMARY", **now, **counts, **state}
    service.deployments = [new, {**replaced, "status": "ACTIVE"}]
    service.service_deployments.insert(0, _record(service))


@adds(EC2ContainerServiceResponse)
def list_service_deployments(self: EC2ContainerServiceResponse) -> ActionResult:
    services, _ = self.ecs_backend.describe_services(self._get_param("cluster", "default"), [self._get_param("service")])
    statuses = self._get_param("status") or []
    found = [record for service in services for record in service.service_deployments if not statuses or record["status"] in statuses]
    return ActionResult({"serviceDeployments": found})


@adds(EC2ContainerServiceResponse)
def describe_service_deployments(self: EC2ContainerServiceResponse) -> ActionResult:
    wanted = self._get_param("serviceDeploymentArns")
    found = []
    for service in self.ecs_backend.services.values():
        for place, record in enumerate(service.service_deployments):
            if record["serviceDeploymentArn"] in wanted:
                source = [{"arn": before["targetServiceRevisionArn"]} for before in service.service_deployments[place + 1 : place + 2]]
                target = {"arn": record["targetServiceRevisionArn"]}
                found.append({**_without_target(record), "targetServiceRevision": target, "sourceServiceRevisions": source})
    return ActionResult({"serviceDeployments": found, "failures": []})


def _without_target(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "targetServiceRevisionArn"}


@adds(EC2ContainerServiceResponse)
def describe_service_revisions(self: EC2ContainerServiceResponse) -> ActionResult:
    wanted = self._get_param("serviceRevisionArns")
    known = [
        {"serviceRevisionArn": arn, "serviceArn": service.arn, "taskDefinition": definition}
        for service in self.ecs_backend.services.values()
        for arn, definition in service.revisions.items()
    ]
    return ActionResult({"serviceRevisions": [each for each in known if each["serviceRevisionArn"] in wanted], "failures": []})


@wraps(EC2ContainerServiceBackend)
def register_task_definition(original: Any, self: EC2ContainerServiceBackend, *args: Any, **kwargs: Any) -> TaskDefinition:
    cpu, memory = kwargs.get("cpu"), kwargs.get("memory")
    if "FARGATE" in (kwargs.get("requires_compatibilities") or []):
        if not _is_number(cpu) or not _is_number(memory) or int(memory) not in MEMORIES.get(int(cpu), set()):
            raise EcsClientException("No Fargate configuration exists for given values.")
    return original(self, *args, **kwargs)


def _is_number(text: Any) -> bool:
    return re.fullmatch(r"\d+", str(text or "")) is not None
