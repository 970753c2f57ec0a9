"""
Instance refresh, which stock moto does not have: StartInstanceRefresh, DescribeInstanceRefreshes, CancelInstanceRefresh.

A refresh takes `durations.instance_refresh` seconds of the server's clock. Its progress is worked out whenever the group or its
refreshes are described: the share of the time that has passed is the share of instances that have really been replaced by new
ones from the group's template. Cancelling one takes `durations.refresh_cancellation`. RollbackInstanceRefresh is left out on purpose: the optimizer never uses it.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.ec2.models.launch_templates import LaunchTemplate

from ..clock import clock
from ..patching import adds, wraps
from ..settings import durations

# Requests come in threads; two that settle at once would replace an instance twice.
SETTLING = threading.RLock()
ACTIVE = ("Pending", "InProgress", "Cancelling", "RollbackInProgress", "Baking")


class InstanceRefreshInProgress(AutoscalingClientError):
    code = "InstanceRefreshInProgress"
    message = "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh."


class ActiveInstanceRefreshNotFound(AutoscalingClientError):
    code = "ActiveInstanceRefreshNotFound"
    message = "No in progress or pending Instance Refresh found for Auto Scaling group."


@dataclass
class Refresh:
    group: FakeAutoScalingGroup
    template: LaunchTemplate
    version: str
    desired_by_caller: bool
    preferences: dict[str, Any]
    outdated: list[InstanceState]
    takes_seconds: float
    id: str = field(default_factory=lambda: str(uuid4()))
    started: datetime = field(default_factory=clock.now)
    ended: datetime | None = None
    cancelled_at: datetime = field(default_factory=clock.now)
    status: str = "Pending"
    replaced: int = 0

    def settle(self) -> None:
        """Brings the group to where the refresh is by now."""
        with SETTLING:
            self._settle()

    def _settle(self) -> None:
        if self.status not in ACTIVE:
            return
        if self.status == "Cancelling":
            if clock.now() >= self.cancelled_at:
                self._end("Cancelled")
            return
        elapsed = (clock.now() - self.started).total_seconds()
        share = 1.0 if self.takes_seconds <= elapsed else elapsed / self.takes_seconds
        self.status = "InProgress"
        while self.replaced < int(share * len(self.outdated)):
            self._replace(self.outdated[self.replaced])
            self.replaced += 1
        if share >= 1:
            self._end("Successful")
            self._use_desired()

    def _replace(self, state: InstanceState) -> None:
        group = self.group
        if state not in group.instance_states:
            return
        group.ec2_backend.terminate_instances([state.instance.id])
        group.autoscaling_backend.elbv2_backend.notify_terminate_instances([state.instance.id])
        group.instance_states.remove(state)
        # The group itself changes to the desired configuration only when the refresh has succeeded.
        before = (group.ec2_launch_template, group.launch_template_version, group.provided_launch_template_version)
        self._use_desired()
        try:
            group.replace_autoscaling_group_instances(1, group.get_propagated_tags())
        finally:
            group.ec2_launch_template, group.launch_template_version, group.provided_launch_template_version = before
        group.autoscaling_backend.update_attached_target_groups(group.name)

    def _use_desired(self) -> None:
        if self.desired_by_caller:
            self.group.ec2_launch_template = self.template
            self.group.launch_template_version = self.group.provided_launch_template_version = self.version

    def _end(self, status: str) -> None:
        self.status = status
        self.ended = clock.now()

    def describe(self) -> dict[str, Any]:
        done = 100 if not self.outdated else int(100 * self.replaced / len(self.outdated))
        return {
            "InstanceRefreshId": self.id,
            "AutoScalingGroupName": self.group.name,
            "Status": self.status,
            "StartTime": self.started,
            "EndTime": self.ended,
            "PercentageComplete": 100 if self.status == "Successful" else done,
            "InstancesToUpdate": len(self.outdated) - self.replaced,
            "Preferences": self.preferences,
            **({"DesiredConfiguration": {"LaunchTemplate": self._specification()}} if self.desired_by_caller else {}),
        }

    def _specification(self) -> dict[str, str]:
        return {"LaunchTemplateId": self.template.id, "LaunchTemplateName": self.template.name, "Version": self.version}


def _desired(group: FakeAutoScalingGroup, configuration: dict[str, Any]) -> tuple[LaunchTemplate, str]:
    if group.ec2_launch_template is None or "MixedInstancesPolicy" in configuration:
        raise NotImplementedError("StartInstanceRefresh without a launch template")
    asked = configuration.get("LaunchTemplate")
    if asked is None:
        return group.ec2_launch_template, group.launch_template_version
    template = group.ec2_backend.get_launch_template(asked["LaunchTemplateId"])
    version = asked.get("Version") or "$Default"
    template.get_version(version)
    return template, version


def _refreshes(group: FakeAutoScalingGroup) -> list[Refresh]:
    if not hasattr(group, "refreshes"):
        group.refreshes = []
    return group.refreshes


def _group(response: AutoScalingResponse) -> FakeAutoScalingGroup:
    name = response._get_param("AutoScalingGroupName")
    group = response.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError(f"AutoScalingGroup name not found - no such group: {name}")
    for refresh in _refreshes(group):
        refresh.settle()
    return group


def _active(group: FakeAutoScalingGroup) -> Refresh | None:
    return next((refresh for refresh in _refreshes(group) if refresh.status in ACTIVE), None)


@adds(AutoScalingResponse)
def start_instance_refresh(self: AutoScalingResponse) -> ActionResult:
    group = _group(self)
    if _active(group):
        raise InstanceRefreshInProgress()
    template, version = _desired(group, self._get_param("DesiredConfiguration", {}) or {})
    preferences = self._get_param("Preferences", {}) or {}
    if preferences.get("AutoRollback"):
        raise ValidationError("The AutoRollback preference needs a desired configuration, and a launch template without $Latest and AWS Systems Manager parameters.")
    wanted = template.get_version(version).number
    skips = bool(preferences.get("SkipMatching"))
    outdated = [state for state in group.active_instances() if not (skips and getattr(state, "launched_version", None) == wanted)]
    refresh = Refresh(group, template, version, bool(self._get_param("DesiredConfiguration")), preferences, outdated, durations.instance_refresh)
    _refreshes(group).insert(0, refresh)
    return ActionResult({"InstanceRefreshId": refresh.id})


@adds(AutoScalingResponse)
def describe_instance_refreshes(self: AutoScalingResponse) -> ActionResult:
    """Newest first."""
    ids = self._get_param("InstanceRefreshIds", []) or []
    found = [refresh for refresh in _refreshes(_group(self)) if not ids or refresh.id in ids]
    return ActionResult({"InstanceRefreshes": [refresh.describe() for refresh in found]})


@adds(AutoScalingResponse)
def cancel_instance_refresh(self: AutoScalingResponse) -> ActionResult:
    refresh = _active(_group(self))
    if refresh is None:
        raise ActiveInstanceRefreshNotFound()
    refresh.status = "Cancelling"
    refresh.cancelled_at = clock.now() + timedelta(seconds=durations.refresh_cancellation)
    return ActionResult({"InstanceRefreshId": refresh.id})


@wraps(AutoScalingBackend)
def describe_auto_scaling_groups(original: Any, self: AutoScalingBackend, *args: Any, **kwargs: Any) -> list[FakeAutoScalingGroup]:
    for group in self.autoscaling_groups.values():
        for refresh in _refreshes(group):
            refresh.settle()
    return original(self, *args, **kwargs)
