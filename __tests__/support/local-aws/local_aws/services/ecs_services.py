"""
Settings of an ECS service that stock moto forgets: managed tags, the health check's grace, execute command, rebalancing between
zones, and how a deployment goes. Terraform would set them again at every apply.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.responses import EC2ContainerServiceResponse

from ..patching import wraps

KEPT: dict[str, Any] = {
    "enableECSManagedTags": False,
    "enableExecuteCommand": False,
    "healthCheckGracePeriodSeconds": None,
    "availabilityZoneRebalancing": "DISABLED",
    "deploymentConfiguration": None,
}


def _keep(answer: ActionResult, settings: dict[str, Any]) -> ActionResult:
    for name, value in settings.items():
        setattr(answer.result["service"], name, value)
    return answer


@wraps(EC2ContainerServiceResponse)
def create_service(original: Any, self: EC2ContainerServiceResponse) -> ActionResult:
    asked = self._get_params()
    return _keep(original(self), {name: asked.get(name, default) for name, default in KEPT.items()})


@wraps(EC2ContainerServiceResponse)
def update_service(original: Any, self: EC2ContainerServiceResponse) -> ActionResult:
    asked = self._get_params()
    return _keep(original(self), {name: asked[name] for name in KEPT if asked.get(name) is not None})
