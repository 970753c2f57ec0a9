"""
Changes of global secondary indexes. Stock moto makes them at once, as many as one likes, forgets the on-demand limits, keeps the
attribute definitions of dropped indexes, and breaks with a Python error on an unknown index.

Here one index is created or deleted at a time, which takes `durations.index_change` seconds; AWS's errors are raised; and of a
global table the change reaches every replica.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
"""

import copy
from datetime import datetime, timedelta
from typing import Any

from moto.core.exceptions import ServiceException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import GlobalSecondaryIndex, Table

from ..clock import clock
from ..patching import wraps
from ..settings import durations


class ResourceInUse(ServiceException):
    code = "ResourceInUseException"


class ResourceNotFound(ServiceException):
    code = "ResourceNotFoundException"


class LimitExceeded(ServiceException):
    code = "LimitExceededException"


class ValidationRefused(ServiceException):
    code = "ValidationException"


@wraps(GlobalSecondaryIndex)
def describe(original: Any, self: GlobalSecondaryIndex) -> dict[str, Any]:
    settle_index(self)
    limits = getattr(self, "on_demand_throughput", None)
    answer = {**original(self), "IndexSizeBytes": 0, "ItemCount": 0, "IndexArn": getattr(self, "arn", None)}
    return {**answer, "OnDemandThroughput": limits} if limits else answer


def create(dct: dict[str, Any], table_key_attrs: list[str]) -> GlobalSecondaryIndex:
    index = _stock_create(dct, table_key_attrs)
    _limit(index, dct.get("OnDemandThroughput"))
    return index


_stock_create = GlobalSecondaryIndex.create
GlobalSecondaryIndex.create = staticmethod(create)


def _limit(index: GlobalSecondaryIndex, limits: dict[str, int] | None) -> None:
    """-1 lifts a limit; AWS names no limits where none is set."""
    if limits is None:
        return
    merged = {"MaxReadRequestUnits": -1, "MaxWriteRequestUnits": -1, **(getattr(index, "on_demand_throughput", None) or {}), **limits}
    index.on_demand_throughput = None if set(merged.values()) == {-1} else merged


def settle_index(index: GlobalSecondaryIndex) -> None:
    if index.status in ("CREATING", "UPDATING") and clock.now() >= index.settles_at:
        index.status = "ACTIVE"


def settle_table(table: Table) -> None:
    """Drops indexes whose deletion is over, with the attributes no key uses any more, as DescribeTable on AWS lists them."""
    for index in table.global_indexes:
        settle_index(index)
    over = [index for index in table.global_indexes if index.status == "DELETING" and clock.now() >= index.settles_at]
    if not over:
        return
    table.global_indexes = [index for index in table.global_indexes if index not in over]
    used = {key["AttributeName"] for index in [*table.global_indexes, *table.indexes] for key in index.schema} | set(table.table_key_attrs)
    table.attr = [definition for definition in table.attr if definition["AttributeName"] in used]


def table_status(table: Table) -> str:
    changes_until = getattr(table, "changes_until", None)
    if changes_until is not None and clock.now() < changes_until:
        return "UPDATING"
    return "ACTIVE" if all(index.status == "ACTIVE" for index in table.global_indexes) else "UPDATING"


@wraps(DynamoDBBackend)
def update_table_global_indexes(_original: Any, self: DynamoDBBackend, table: Table, global_index_updates: list[dict[str, Any]]) -> None:
    replicas = getattr(table, "replica_tables", lambda: [table])()
    for one in replicas:
        settle_table(one)
    _refuse_too_much(table, global_index_updates)
    for update in global_index_updates:
        for one in replicas:
            _apply(one, update)


def _refuse_too_much(table: Table, updates: list[dict[str, Any]]) -> None:
    names = {index.name for index in table.global_indexes}
    heavy = [update for update in updates if "Create" in update or "Delete" in update]
    if len(heavy) > 1 or (heavy and any(index.status in ("CREATING", "DELETING") for index in table.global_indexes)):
        raise LimitExceeded("Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")
    if table_status(table) != "ACTIVE":
        raise ResourceInUse(f"Attempt to change a resource which is still in use: Table is being updated: {table.name}")
    for update in updates:
        kind, body = next(iter(update.items()))
        name = body["IndexName"]
        if kind == "Create":
            _refuse_creation(table, body, names)
        elif name not in names:
            raise ResourceNotFound(f"Requested resource not found: Index: {name} of table {table.name}")
        elif kind == "Update" and any(limit < 1 and limit != -1 for limit in body.get("OnDemandThroughput", {}).values()):
            raise ValidationRefused("One or more parameter values were invalid: OnDemandThroughput must be at least 1, or -1 for no maximum")
        elif kind == "Update" and "OnDemandThroughput" in body and table.billing_mode != "PAY_PER_REQUEST":
            raise ValidationRefused("One or more parameter values were invalid: OnDemandThroughput can only be specified when BillingMode is PAY_PER_REQUEST")


def _refuse_creation(table: Table, body: dict[str, Any], names: set[str]) -> None:
    if body["IndexName"] in names:
        raise ValidationRefused(f"Attempting to create an index which already exists: {body['IndexName']}")
    defined = {definition["AttributeName"] for definition in table.attr}
    missing = [key["AttributeName"] for key in body["KeySchema"] if key["AttributeName"] not in defined]
    if missing:
        raise ValidationRefused(f"One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: {missing}")


def _settles_at() -> datetime:
    return clock.now() + timedelta(seconds=durations.index_change)


def _apply(table: Table, update: dict[str, Any]) -> None:
    kind, body = next(iter(update.items()))
    if kind == "Create":
        index = GlobalSecondaryIndex.create(copy.deepcopy(body), table.table_key_attrs)
        index.status, index.settles_at = "CREATING", _settles_at()
        table.global_indexes.append(index)
        return
    index = next(one for one in table.global_indexes if one.name == body["IndexName"])
    if kind == "Delete":
        index.status, index.settles_at = "DELETING", _settles_at()
        return
    _limit(index, body.get("OnDemandThroughput"))
    if "ProvisionedThroughput" in body or "WarmThroughput" in body:
        index.update(copy.deepcopy(body))
    index.status, index.settles_at = "UPDATING", _settles_at()
