"""
Streams and billing modes of tables. Stock moto turns off a stream that is not there, names another error than AWS for one that is there
already, switches the billing mode without asking for the indexes' capacity and as often as one likes, and keeps the capacity of an
on-demand table.

Here a change takes `durations.table_change` seconds, in which the table is `UPDATING` and takes no other.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp.switching-capacity-modes.html
"""

from datetime import timedelta
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

from ..clock import clock
from ..patching import wraps
from ..settings import durations
from .dynamodb_indexes import LimitExceeded, ResourceInUse, ValidationRefused, settle_table, table_status

SWITCHES_A_DAY = 4
NONE = {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}


@wraps(Table)
def describe(original: Any, self: Table, base_key: str = "TableDescription") -> dict[str, Any]:
    answer = original(self, base_key)
    switches = getattr(self, "on_demand_switches", [])
    if switches:
        answer[base_key]["BillingModeSummary"] = {**answer[base_key]["BillingModeSummary"], "LastUpdateToPayPerRequestDateTime": switches[-1]}
    return answer


@wraps(DynamoDBBackend)
def update_table(original: Any, self: DynamoDBBackend, name: str, **changes: Any) -> Table:
    table = self.get_table(name)
    settle_table(table)
    mode, stream = changes.get("billing_mode"), changes.get("stream_spec")
    if (mode or stream) and table_status(table) != "ACTIVE":
        raise ResourceInUse(f"Attempt to change a resource which is still in use: Table is being updated: {name}")
    if stream:
        _refuse_stream(table, bool(stream.get("StreamEnabled")))
    if mode:
        _refuse_mode(table, mode, changes)
    before = table.billing_mode
    if changes.get("throughput"):
        changes["throughput"] = {**table.throughput, **changes["throughput"]}
    changed = original(self, name=name, **changes)
    if mode == "PAY_PER_REQUEST" and before != mode:
        table.on_demand_switches = [*_last_switches(table), clock.now()]
        table.throughput = {**table.throughput, **NONE}
        for index in table.global_indexes:
            index.throughput = dict(NONE)
    if mode or stream:
        table.changes_until = clock.now() + timedelta(seconds=durations.table_change)
    return changed


def _refuse_stream(table: Table, enable: bool) -> None:
    enabled = bool((table.stream_specification or {}).get("StreamEnabled"))
    if enable and enabled:
        raise ValidationRefused(f"Table already has an enabled stream: TableName: {table.name}")
    if not enable and not enabled:
        raise ValidationRefused(f"Table has no stream to disable: TableName: {table.name}")
    if not enable and len(table.replica_tables()) > 1:
        raise ValidationRefused("Disabling Stream is not allowed for a Global Table replica")
    if not enable:
        table.latest_stream_label = None


def _refuse_mode(table: Table, mode: str, changes: dict[str, Any]) -> None:
    throughput = changes.get("throughput")
    if mode == "PAY_PER_REQUEST":
        if throughput:
            raise ValidationRefused("One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
        if table.billing_mode != mode and len(_last_switches(table)) >= SWITCHES_A_DAY:
            raise LimitExceeded(f"Subscriber limit exceeded: Update to PayPerRequest mode are limited to {SWITCHES_A_DAY} times in 1 day(s)")
        return
    if not throughput:
        raise ValidationRefused("One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
    given = {update["Update"]["IndexName"] for update in changes.get("global_index") or [] if "ProvisionedThroughput" in update.get("Update", {})}
    missing = [index.name for index in table.global_indexes if table.billing_mode != mode and index.name not in given]
    if missing:
        raise ValidationRefused(f"One or more parameter values were invalid: ProvisionedThroughput must be specified for index: {', '.join(missing)}")


def _last_switches(table: Table) -> list[Any]:
    return [at for at in getattr(table, "on_demand_switches", []) if at > clock.now() - timedelta(days=1)]
