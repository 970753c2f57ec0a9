"""
Settings of a group that stock moto forgets: the default warm-up, how long an instance lives and how it is replaced, a service-linked
role of one's own, and, on an update, the termination policies and cool-down. Terraform would set them again at every apply.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
"""

from typing import Any

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from ..patching import wraps

KEPT = {
    "DefaultInstanceWarmup": "default_instance_warmup",
    "InstanceMaintenancePolicy": "instance_maintenance_policy",
    "MaxInstanceLifetime": "max_instance_lifetime",
    "ServiceLinkedRoleARN": "service_linked_role_arn",
}
KEPT_ON_UPDATE = {"TerminationPolicies": "termination_policies", "DefaultCooldown": "default_cooldown"}


def _keep(response: AutoScalingResponse, settings: dict[str, str]) -> None:
    group = response.autoscaling_backend.autoscaling_groups[response._get_param("AutoScalingGroupName")]
    for parameter, attribute in settings.items():
        value = response._get_param(parameter)
        if value is not None:
            setattr(group, attribute, value)


@wraps(AutoScalingResponse)
def create_auto_scaling_group(original: Any, self: AutoScalingResponse) -> ActionResult:
    answer = original(self)
    _keep(self, KEPT)
    return answer


@wraps(AutoScalingResponse)
def update_auto_scaling_group(original: Any, self: AutoScalingResponse) -> ActionResult:
    answer = original(self)
    _keep(self, {**KEPT, **KEPT_ON_UPDATE})
    return answer
