"""
Global tables, version 2019.11.21. Stock moto ignores `ReplicaUpdates` silently.

A replica is a table of its own in its region, with the owner's keys, indexes, stream and items, and its own key, deletion
protection and backups. What AWS keeps equal over all replicas is changed in all of them.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler, DynamoResult

from ..patching import adds, wraps
from .dynamodb_indexes import ResourceNotFound, ValidationRefused, settle_table, table_status


@adds(Table)
def replica_tables(self: Table) -> list[Table]:
    """This table, deleted or not, and its replicas."""
    others = sorted(_regions(self) - {self.region_name})
    return [self, *(dynamodb_backends[self.account_id][region].tables[self.name] for region in others)]


@wraps(Table)
def describe(original: Any, self: Table, base_key: str = "TableDescription") -> dict[str, Any]:
    settle_table(self)
    for index in self.global_indexes:
        index.arn = f"{self.table_arn}/index/{index.name}"
    answer = original(self, base_key)
    answer[base_key]["TableStatus"] = table_status(self)
    others = self.replica_tables()[1:]
    if others:
        answer[base_key]["Replicas"] = [_replica(table) for table in others]
        answer[base_key]["GlobalTableVersion"] = "2019.11.21"
    return answer


def _replica(table: Table) -> dict[str, Any]:
    indexes = [
        {"IndexName": index.name, **({"OnDemandThroughputOverride": limits} if (limits := getattr(index, "on_demand_throughput_override", None)) else {})}
        for index in table.global_indexes
    ]
    key = (table.sse_specification or {}).get("KMSMasterKeyId")
    return {"RegionName": table.region_name, "ReplicaStatus": "ACTIVE", "GlobalSecondaryIndexes": indexes, **({"KMSMasterKeyId": key} if key else {})}


@wraps(DynamoHandler)
def update_table(original: Any, self: DynamoHandler) -> ActionResult:
    table = self.dynamodb_backend.get_table(self.body["TableName"])
    updates = self.body.get("ReplicaUpdates") or []
    if not updates:
        if self.body.get("SSESpecification"):
            table.sse_specification = self.body["SSESpecification"]
        return original(self)
    for update in updates:
        kind, body = next(iter(update.items()))
        _CHANGES[kind](table, body)
    return DynamoResult(table.describe())


def _create(table: Table, body: dict[str, Any]) -> None:
    region = body["RegionName"]
    if region in _regions(table):
        raise ValidationRefused(f"Failed to create a the new replica of table with name: '{table.name}' because one or more replicas already existed as tables.")
    stream = table.stream_specification or {}
    if stream.get("StreamViewType") != "NEW_AND_OLD_IMAGES":
        raise ValidationRefused("One or more parameter values were invalid: Table must have DynamoDB streams enabled with StreamViewType: NEW_AND_OLD_IMAGES")
    backend: DynamoDBBackend = dynamodb_backends[table.account_id][region]
    key = body.get("KMSMasterKeyId")
    replica = Table(
        table.name,
        account_id=table.account_id,
        region=region,
        schema=table.schema,
        attr=list(table.attr),
        throughput=dict(table.throughput) if table.billing_mode == "PROVISIONED" else None,
        billing_mode=table.billing_mode,
        streams=dict(stream),
        sse_specification={"Enabled": True, "KMSMasterKeyId": key} if key else None,
        tags=[],
    )
    replica.global_indexes = copy.deepcopy(table.global_indexes)
    replica.ttl = table.ttl
    replica.items = table.items
    backend.tables[table.name] = replica
    _join(table, region)


def _update(table: Table, body: dict[str, Any]) -> None:
    region = body["RegionName"]
    if region not in _regions(table):
        raise _no_replica(table, region)
    replica: Table = dynamodb_backends[table.account_id][region].tables[table.name]
    if body.get("KMSMasterKeyId"):
        replica.sse_specification = {"Enabled": True, "KMSMasterKeyId": body["KMSMasterKeyId"]}
    for override in body.get("GlobalSecondaryIndexes") or []:
        index = next((one for one in replica.global_indexes if one.name == override["IndexName"]), None)
        if index is None:
            raise ResourceNotFound(f"Requested resource not found: Index: {override['IndexName']} of table {table.name}")
        index.on_demand_throughput_override = override.get("OnDemandThroughputOverride")


def _delete(table: Table, body: dict[str, Any]) -> None:
    region = body["RegionName"]
    if region not in _regions(table) or region == table.region_name:
        raise _no_replica(table, region)
    gone = dynamodb_backends[table.account_id][region].tables[table.name]
    if gone.deletion_protection_enabled:
        raise ValidationRefused(f"Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first. Replica: {region}")
    table.replica_regions.discard(region)
    gone.replica_regions = None
    del dynamodb_backends[table.account_id][region].tables[table.name]


def _no_replica(table: Table, region: str) -> Exception:
    return ValidationRefused(f"Failed to change replica of table with name: '{table.name}': it has no replica in region {region}.")


def _regions(table: Table) -> set[str]:
    return getattr(table, "replica_regions", None) or {table.region_name}


def _join(table: Table, region: str) -> None:
    """All tables of the group share one set of regions."""
    regions = _regions(table)
    regions.add(region)
    for one in regions:
        dynamodb_backends[table.account_id][one].tables[table.name].replica_regions = regions


_CHANGES = {"Create": _create, "Update": _update, "Delete": _delete}


@wraps(DynamoDBBackend)
def delete_table(original: Any, self: DynamoDBBackend, name: str) -> Table:
    """AWS refuses this for 24 hours after the table was the source of a replica, which is longer than any test."""
    if len(self.get_table(name).replica_tables()) > 1:
        raise ValidationRefused("Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table in the last 24 hours.")
    return original(self, name)
