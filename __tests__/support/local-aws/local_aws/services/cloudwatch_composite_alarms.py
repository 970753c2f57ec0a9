"""
Alarms over alarms. Stock moto stores and lists them, and reads their rule where it takes an alarm, but has no call of that name.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from ..patching import adds


@adds(CloudWatchResponse)
def put_composite_alarm(self: CloudWatchResponse) -> ActionResult:
    return self.put_metric_alarm()
