"""
Descriptions of security group rules that name another group. Stock moto reads the description from the address range only, so that
Terraform writes it at every apply.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
"""

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

from ..patching import wraps_property


@wraps_property(SecurityGroupRule)
def description(original: Any, self: SecurityGroupRule) -> str | None:
    return original(self) or self.source_group.get("Description")
