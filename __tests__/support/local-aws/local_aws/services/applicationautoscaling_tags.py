"""
Tags of scalable targets, which stock moto does not have; the provider reads them after every apply.
https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ListTagsForResource.html
"""

import json
from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, FakeScalableTarget
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import JsonRESTError

from ..patching import adds, wraps


def _tags(response: ApplicationAutoScalingResponse, arn: str) -> dict[str, str]:
    backend: ApplicationAutoscalingBackend = response.applicationautoscaling_backend
    for by_dimension in backend.targets.values():
        for target in by_dimension.values():
            if target.arn == arn:
                return _of(target)
    raise JsonRESTError("ResourceNotFoundException", f"The resource {arn} doesn't exist.")


def _of(target: FakeScalableTarget) -> dict[str, str]:
    if not hasattr(target, "own_tags"):
        target.own_tags = {}
    return target.own_tags


@wraps(ApplicationAutoScalingResponse)
def register_scalable_target(original: Any, self: ApplicationAutoScalingResponse) -> str:
    answer = original(self)
    _tags(self, json.loads(answer)["ScalableTargetARN"]).update(self._get_param("Tags") or {})
    return answer


@adds(ApplicationAutoScalingResponse)
def list_tags_for_resource(self: ApplicationAutoScalingResponse) -> str:
    return json.dumps({"Tags": _tags(self, self._get_param("ResourceARN"))})


@adds(ApplicationAutoScalingResponse)
def tag_resource(self: ApplicationAutoScalingResponse) -> str:
    _tags(self, self._get_param("ResourceARN")).update(self._get_param("Tags") or {})
    return "{}"


@adds(ApplicationAutoScalingResponse)
def untag_resource(self: ApplicationAutoScalingResponse) -> str:
    tags = _tags(self, self._get_param("ResourceARN"))
    for key in self._get_param("TagKeys") or []:
        tags.pop(key, None)
    return "{}"
