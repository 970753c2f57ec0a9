"""
The event history of an account in which nobody called anything: stock moto has no LookupEvents, and the line asks for it.
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.responses import ActionResult

from ..patching import adds


@adds(CloudTrailResponse)
def lookup_events(self: CloudTrailResponse) -> ActionResult:
    return ActionResult({"Events": []})
