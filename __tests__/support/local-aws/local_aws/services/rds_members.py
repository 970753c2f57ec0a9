"""
Coming and going of a cluster's members, and how long a cluster keeps its backups. Stock moto makes and deletes an instance at once,
whatever it is doing, and takes any number of days.

Here a member is `creating`, and `deleting`, for `durations.instance_creation` and `durations.instance_deletion` seconds; both are settled
whenever instances or clusters are described.
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


@wraps(RDSBackend)
def modify_db_cluster(original: Any, self: RDSBackend, kwargs: dict[str, Any]) -> DBCluster:
    days = kwargs.get("backup_retention_period")
    if days is None:
        return original(self, kwargs)
    name = kwargs["db_cluster_identifier"]
    if int(days) not in RETENTION_DAYS:
        raise InvalidParameterValue(f"Invalid backup retention period: {days}. Must be between {RETENTION_DAYS[0]} and {RETENTION_DAYS[-1]}")
    for cluster in self.describe_db_clusters(name):
        if cluster.status != "available":
            raise InvalidDBClusterStateFault(f"DB cluster {name} is not in available state.")
    return original(self, kwargs)
