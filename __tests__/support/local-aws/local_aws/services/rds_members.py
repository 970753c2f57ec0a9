"""
Coming and going of a cluster's members, how long a cluster keeps its backups, and between which capacities it scales. Stock moto makes and
deletes an instance at once, whatever it is doing, and takes any number of days and of capacity units.

Here a member is `creating`, and `deleting`, for `durations.instance_creation` and `durations.instance_deletion` seconds, and a cluster
`modifying` for `durations.serverless_capacity`; all are settled whenever instances or clusters are described.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html
"""

from datetime import timedelta
from typing import Any

from moto.rds.exceptions import InvalidDBClusterStateFault, InvalidDBInstanceStateFault, InvalidParameterValue
from moto.rds.models import DBCluster, DBInstance, DBInstanceClustered, RDSBackend

from ..clock import clock
from ..patching import wraps
from ..settings import durations

RETENTION_DAYS = range(1, 36)


@wraps(RDSBackend)
def create_db_instance(original: Any, self: RDSBackend, db_kwargs: dict[str, Any]) -> DBInstance:
    _settle(self)
    database = original(self, db_kwargs)
    if durations.instance_creation and isinstance(database, DBInstanceClustered):
        database.status = "creating"
        database.created_at = clock.now() + timedelta(seconds=durations.instance_creation)
    return database


@wraps(RDSBackend)
def delete_db_instance(original: Any, self: RDSBackend, db_instance_identifier: str, *args: Any, **kwargs: Any) -> DBInstance:
    _settle(self)
    database = self.databases.get(db_instance_identifier)
    if not durations.instance_deletion or not isinstance(database, DBInstanceClustered) or database.deletion_protection:
        return original(self, db_instance_identifier, *args, **kwargs)
    if database.status != "available":
        raise InvalidDBInstanceStateFault(f"Instance {db_instance_identifier} is already being deleted or is not in available state.")
    database.status = "deleting"
    database.gone_at = clock.now() + timedelta(seconds=durations.instance_deletion)
    database.finish_deletion = lambda: original(self, db_instance_identifier, *args, **kwargs)
    return database


@wraps(RDSBackend)
def describe_db_instances(original: Any, self: RDSBackend, *args: Any, **kwargs: Any) -> list[DBInstance]:
    _settle(self)
    return original(self, *args, **kwargs)


@wraps(RDSBackend)
def describe_db_clusters(original: Any, self: RDSBackend, *args: Any, **kwargs: Any) -> list[DBCluster]:
    _settle(self)
    return original(self, *args, **kwargs)


def _settle(backend: RDSBackend) -> None:
    for database in list(backend.databases.values()):
        if database.status == "creating" and clock.now() >= getattr(database, "created_at", clock.now()):
            database.status = "available"
        if database.status == "deleting" and clock.now() >= getattr(database, "gone_at", clock.now()):
            database.finish_deletion()
    for cluster in backend.clusters.values():
        if cluster.status == "modifying" and clock.now() >= getattr(cluster, "scales_until", clock.now()):
            cluster.status = "available"


@wraps(RDSBackend)
def modify_db_cluster(original: Any, self: RDSBackend, kwargs: dict[str, Any]) -> DBCluster:
    days, units = kwargs.get("backup_retention_period"), kwargs.get("serverless_v2_scaling_configuration")
    if days is not None and int(days) not in RETENTION_DAYS:
        raise InvalidParameterValue(f"Invalid backup retention period: {days}. Must be between {RETENTION_DAYS[0]} and {RETENTION_DAYS[-1]}")
    if units:
        _refuse_units(units)
    name = kwargs["db_cluster_identifier"]
    if days is not None or units:
        for cluster in self.describe_db_clusters(name):
            if cluster.status != "available":
                raise InvalidDBClusterStateFault(f"DB cluster {cluster.db_cluster_identifier} is not in available state.")
    changed = original(self, kwargs)
    if units and durations.serverless_capacity:
        # What is answered is a copy.
        for cluster in self.describe_db_clusters(name):
            cluster.status = "modifying"
            cluster.scales_until = clock.now() + timedelta(seconds=durations.serverless_capacity)
    return changed


def _refuse_units(units: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html"""
    least, most = float(units["MinCapacity"]), float(units["MaxCapacity"])
    if not (0 <= least <= most and 1 <= most <= 256 and (2 * least).is_integer() and (2 * most).is_integer()):
        raise InvalidParameterValue(f"Serverless v2 capacity of {least} to {most} is not valid: half units, at most 256, the minimum not above the maximum.")


@wraps(RDSBackend)
def modify_db_instance(original: Any, self: RDSBackend, db_instance_identifier: str, db_kwargs: dict[str, Any]) -> DBInstance:
    """Outside of clusters automated backups may be off: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html"""
    days = db_kwargs.get("backup_retention_period")
    if days is not None and not 0 <= int(days) <= RETENTION_DAYS[-1]:
        raise InvalidParameterValue(f"Invalid backup retention period: {days}. Must be between 0 and {RETENTION_DAYS[-1]}")
    if days is not None and self.describe_db_instances(db_instance_identifier)[0].status != "available":
        raise InvalidDBInstanceStateFault(f"Instance {db_instance_identifier} is not in available state.")
    return original(self, db_instance_identifier, db_kwargs)
