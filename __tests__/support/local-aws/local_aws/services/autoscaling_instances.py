"""
Instances of a group. Stock moto says that every instance has the template's *default* version, puts all of them in one zone, and
leaves terminated ones in the target groups. AWS keeps what each was launched with, spreads them over the group's subnets, and
deregisters them.
"""

from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState

from ..patching import wraps, wraps_property


@wraps(FakeAutoScalingGroup)
def replace_autoscaling_group_instances(original: Any, self: FakeAutoScalingGroup, count_needed: int, propagated_tags: dict[str, str]) -> None:
    """One instance at a time, each in the subnet that has the fewest."""
    subnets = (self.vpc_zone_identifier or "").split(",")
    for _ in range(count_needed):
        known = {id(state) for state in self.instance_states}
        self.vpc_zone_identifier = min(subnets, key=lambda subnet: _instances_in(self, subnet)) or None
        try:
            original(self, 1, dict(propagated_tags))
        finally:
            self.vpc_zone_identifier = ",".join(subnets) or None
        for state in self.instance_states:
            if id(state) not in known and self.ec2_launch_template:
                state.launched_version = self.ec2_launch_template.get_version(self.launch_template_version).number
                state.availability_zone = state.instance.placement.zone


def _instances_in(group: FakeAutoScalingGroup, subnet: str) -> int:
    return sum(1 for state in group.instance_states if state.instance.subnet_id == subnet)


@wraps_property(InstanceState)
def launch_template(original: Any, self: InstanceState) -> dict[str, Any] | None:
    answer = original(self)
    if answer is None or not hasattr(self, "launched_version"):
        return answer
    return {**answer, "Version": str(self.launched_version)}


@wraps(FakeAutoScalingGroup)
def set_desired_capacity(original: Any, self: FakeAutoScalingGroup, new_capacity: int | None) -> None:
    before = {state.instance.id for state in self.instance_states}
    original(self, new_capacity)
    gone = before - {state.instance.id for state in self.instance_states}
    self.autoscaling_backend.elbv2_backend.notify_terminate_instances(list(gone))
