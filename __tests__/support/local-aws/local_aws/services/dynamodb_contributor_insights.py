"""
Contributor Insights of a table's indexes, and the question whether a table is a global one of 2017; stock moto has neither. The optimizer
asks both before it changes a table, and turns insights on again for an index that it made again.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListContributorInsights.html
"""

from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.dynamodb.models.table import GlobalSecondaryIndex
from moto.dynamodb.responses import DynamoHandler, DynamoResult

from ..patching import adds
from .dynamodb_indexes import ResourceNotFound


class GlobalTableNotFound(ServiceException):
    code = "GlobalTableNotFoundException"


def _index(handler: DynamoHandler) -> GlobalSecondaryIndex:
    table = handler.dynamodb_backend.get_table(handler.body["TableName"])
    found = [index for index in table.global_indexes if index.name == handler.body.get("IndexName")]
    if not found:
        raise ResourceNotFound(f"Requested resource not found: Index: {handler.body.get('IndexName')} not found")
    return found[0]


def _summary(table: str, index: GlobalSecondaryIndex) -> dict[str, Any]:
    mode = getattr(index, "insights_mode", None)
    status = {"ContributorInsightsStatus": "DISABLED"} if mode is None else {"ContributorInsightsStatus": "ENABLED", "ContributorInsightsMode": mode}
    return {"TableName": table, "IndexName": index.name, **status}


@adds(DynamoHandler)
def list_contributor_insights(self: DynamoHandler) -> ActionResult:
    name = self.body["TableName"]
    own = {"TableName": name, "ContributorInsightsStatus": "DISABLED"}
    indexes = [_summary(name, index) for index in self.dynamodb_backend.get_table(name).global_indexes]
    return DynamoResult({"ContributorInsightsSummaries": [own, *indexes]})


@adds(DynamoHandler)
def describe_contributor_insights(self: DynamoHandler) -> ActionResult:
    return DynamoResult(_summary(self.body["TableName"], _index(self)))


@adds(DynamoHandler)
def update_contributor_insights(self: DynamoHandler) -> ActionResult:
    index = _index(self)
    enabled = self.body["ContributorInsightsAction"] == "ENABLE"
    index.insights_mode = self.body.get("ContributorInsightsMode", "ACCESSED_AND_THROTTLED_KEYS") if enabled else None
    return DynamoResult(_summary(self.body["TableName"], index))


@adds(DynamoHandler)
def describe_global_table(self: DynamoHandler) -> ActionResult:
    """Only for version 2017.11.29, of which there is none here."""
    raise GlobalTableNotFound(f"Requested resource not found: Global table {self.body['GlobalTableName']} not found")
