"""
Bounds and suspensions of scalable targets. Stock moto registers a target without bounds, or with a maximum below the minimum, and tells
no suspension where none was asked for; AWS tells three times `false`, and changes only what is named. Nor does it know ElastiCache's
targets, of which none is here.
https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
"""

from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeScalableTarget
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from ..patching import wraps

NOT_SUSPENDED = {"DynamicScalingInSuspended": False, "DynamicScalingOutSuspended": False, "ScheduledScalingSuspended": False}


@wraps(ApplicationAutoscalingBackend)
def register_scalable_target(
    original: Any,
    self: ApplicationAutoscalingBackend,
    namespace: str,
    r_id: str,
    dimension: str,
    min_capacity: int | None,
    max_capacity: int | None,
    role_arn: str,
    suspended_state: Any,
) -> FakeScalableTarget:
    known = self.targets.get(dimension, {}).get(r_id)
    least = min_capacity if min_capacity is not None else known.min_capacity if known else None
    most = max_capacity if max_capacity is not None else known.max_capacity if known else None
    if least is None or most is None:
        raise AWSValidationException("MinCapacity and MaxCapacity are required to register a new scalable target")
    if least > most:
        raise AWSValidationException("Maximum capacity cannot be less than minimum capacity")
    suspended = {**(known.suspended_state if known else NOT_SUSPENDED), **(suspended_state or {})}
    return original(self, namespace, r_id, dimension, min_capacity, max_capacity, role_arn, suspended)


@wraps(ApplicationAutoScalingResponse)
def _validate_params(original: Any, self: ApplicationAutoScalingResponse) -> None:
    if self._get_action() != "DescribeScalableTargets" or self._get_param("ServiceNamespace") != "elasticache":
        original(self)
