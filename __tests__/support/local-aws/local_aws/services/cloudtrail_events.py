"""
The event history of an account, of which stock moto has none, and the line asks for it: each function's latest change, which Lambda tells of
itself and CloudTrail explains. Nobody called anything else.
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

import json
from datetime import datetime
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.responses import ActionResult

from ..patching import adds

FUNCTION_CHANGED = "UpdateFunctionConfiguration20150331v2"


@adds(CloudTrailResponse)
def lookup_events(self: CloudTrailResponse) -> ActionResult:
    asked = json.loads(self.body or "{}").get("LookupAttributes", [])
    names = [attribute["AttributeValue"] for attribute in asked if attribute["AttributeKey"] == "EventName"]
    if FUNCTION_CHANGED not in names:
        return ActionResult({"Events": []})
    functions = lambda_backends[self.current_account][self.region].list_functions()
    return ActionResult({"Events": [_changed(function.get_configuration()) for function in functions]})


def _changed(configuration: dict[str, Any]) -> dict[str, Any]:
    size = {"functionName": configuration["FunctionName"], "memorySize": configuration["MemorySize"]}
    time = datetime.fromisoformat(configuration["LastModified"].replace("+0000", "+00:00"))
    record = {"requestParameters": size, "responseElements": size}
    return {"EventName": FUNCTION_CHANGED, "EventTime": time.timestamp(), "CloudTrailEvent": json.dumps(record)}
