"""
Launch template versions. Stock moto starts every version from nothing, so a version made from another (`SourceVersion`) loses all
that it should inherit; it forgets the `ClientToken`; and it writes the template's own tags into the launch data, where Terraform
finds them as a difference.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html
"""

import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion
from moto.ec2.responses.launch_templates import LaunchTemplates
from moto.ec2.utils import parse_user_data

from ..patching import wraps


class IdempotentParameterMismatch(EC2ClientError):
    def __init__(self, token: str):
        super().__init__("IdempotentParameterMismatch", f"The client token {token} was used before with other parameters.")


@wraps(LaunchTemplateVersion)
def __init__(original: Any, self: LaunchTemplateVersion, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    if self.data.get("TagSpecifications"):
        self.data["TagSpecifications"] = [tags for tags in self.data["TagSpecifications"] if tags.get("ResourceType") != "launch-template"]


@wraps(LaunchTemplates)
def create_launch_template_version(original: Any, self: LaunchTemplates) -> ActionResult:
    template = _template(self)
    data = self._get_param("LaunchTemplateData", {}) or {}
    source = self._get_param("SourceVersion")
    token = self._get_param("ClientToken")
    asked = (source, repr(data))
    made = _made_by_token(template)
    if token in made:
        version, asked_before = made[token]
        if asked_before != asked:
            raise IdempotentParameterMismatch(token)
    else:
        version = template.create_version(_inherited(template, source, data), self._get_param("VersionDescription"))
        if token:
            made[token] = (version, asked)
    return ActionResult({"LaunchTemplateVersion": _describe(self, template, version)})


def _template(response: LaunchTemplates) -> LaunchTemplate:
    name = response._get_param("LaunchTemplateName")
    return response.ec2_backend.get_launch_template_by_name(name) if name else response.ec2_backend.get_launch_template(response._get_param("LaunchTemplateId"))


def _made_by_token(template: LaunchTemplate) -> dict[str, tuple[LaunchTemplateVersion, Any]]:
    if not hasattr(template, "made_by_token"):
        template.made_by_token = {}
    return template.made_by_token


def _inherited(template: LaunchTemplate, source: str | None, data: dict[str, Any]) -> dict[str, Any]:
    """Whole members replace the source's, as AWS does; members of members are not merged."""
    inherited = copy.deepcopy(template.get_version(source).data) if source else {}
    own = dict(data)
    if "UserData" in own:
        own["UserData"] = parse_user_data(own["UserData"])
    return {**inherited, **own}


def _describe(response: LaunchTemplates, template: LaunchTemplate, version: LaunchTemplateVersion) -> dict[str, Any]:
    return {
        "CreateTime": version.create_time,
        "CreatedBy": f"arn:{response.partition}:iam::{response.current_account}:root",
        "DefaultVersion": template.is_default(version),
        "LaunchTemplateData": version.data,
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "VersionDescription": version.description,
        "VersionNumber": version.number,
    }
