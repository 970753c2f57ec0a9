"""
Settings of a group that stock moto forgets: the default warm-up, how long an instance lives and how it is replaced, a service-linked
role of one's own, and, on an update, the termination policies and cool-down. Terraform would set them again at every apply. It also takes
bounds that exclude each other.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
"""

from typing import Any

from moto.autoscaling.exceptions import ValidationError
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
    _refuse_bounds(self)
    answer = original(self)
    _keep(self, {**KEPT, **KEPT_ON_UPDATE})
    return answer


def _refuse_bounds(response: AutoScalingResponse) -> None:
    group = response.autoscaling_backend.autoscaling_groups.get(response._get_param("AutoScalingGroupName"))
    if group is None:
        return
    asked = [response._get_int_param(name) for name in ("MinSize", "MaxSize", "DesiredCapacity")]
    least = group.min_size if asked[0] is None else asked[0]
    most = group.max_size if asked[1] is None else asked[1]
    desired = asked[2]
    if least > most:
        raise ValidationError(f"Max bound, {most}, must be greater than or equal to min bound, {least}")
    if desired is not None and desired > most:
        raise ValidationError(f"New SetDesiredCapacity value {desired} is above max value {most} for the AutoScalingGroup.")
    if desired is not None and desired < least:
        raise ValidationError(f"New SetDesiredCapacity value {desired} is below min value {least} for the AutoScalingGroup.")
