"""
Scaling policies. Stock moto leaves out `Enabled` and answers an empty predictive configuration, so that Terraform sees a
difference at every plan; AWS answers `Enabled: true` and no configuration at all.
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ScalingPolicy.html
"""

from typing import Any

from moto.autoscaling.models import FakeScalingPolicy

from ..patching import wraps


@wraps(FakeScalingPolicy)
def __init__(original: Any, self: FakeScalingPolicy, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    self.enabled = True
    self.predictive_scaling_configuration = self.predictive_scaling_configuration or None
