"""
Instances of Aurora clusters. Stock moto gives all of them one resource id, changes a class whether or not it was asked to do so at
once, takes any class for an Aurora class, forgets Performance Insights, and fails over to instances of other clusters.

Here a change of class takes `durations.instance_class_change` seconds, in which the instance is `modifying`; a failover takes
`durations.failover` seconds. Both are settled whenever instances or clusters are described.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_FailoverDBCluster.html
"""

import re
from datetime import timedelta
from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds.exceptions import InvalidDBClusterStateFault, InvalidDBInstanceStateFault, InvalidParameterValue
from moto.rds.models import DBCluster, DBInstance, DBInstanceClustered, RDSBackend

from ..clock import clock
from ..patching import wraps
from ..settings import durations
from .rds_global_clusters import is_secondary

CLASS = re.compile(r"^db\.(serverless|[a-z]\d+[a-z]*\.(nano|micro|small|medium|large|\d*xlarge))$")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@wraps(DBInstance)
def __init__(original: Any, self: DBInstance, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    self.dbi_resource_id = "db-" + "".join(mock_random.choice(LETTERS) for _ in range(26))
    self.performance_insights_enabled = bool(kwargs.get("enable_performance_insights"))
    for name in ("performance_insights_kms_key_id", "performance_insights_retention_period", "database_insights_mode"):
        if kwargs.get(name) is not None:
            setattr(self, name, kwargs[name])


@wraps(RDSBackend)
def modify_db_instance(original: Any, self: RDSBackend, db_instance_identifier: str, db_kwargs: Any) -> DBInstance:
    _settle(self)
    database = self.describe_db_instances(db_instance_identifier)[0]
    wanted = db_kwargs.get("db_instance_class")
    if wanted is not None and not CLASS.match(wanted):
        raise InvalidParameterValue(f"Invalid DB Instance class: {wanted}")
    if wanted is None or wanted == database.db_instance_class:
        return original(self, db_instance_identifier, db_kwargs)
    if database.status != "available":
        raise InvalidDBInstanceStateFault(f"Instance {db_instance_identifier} is not in available state.")
    before = database.db_instance_class
    original(self, db_instance_identifier, db_kwargs)
    database.db_instance_class = before
    database.pending_modified_values = {"DBInstanceClass": wanted}
    if db_kwargs.get("apply_immediately"):
        database.status = "modifying"
        database.class_changes_at = clock.now() + timedelta(seconds=durations.instance_class_change)
    return database


@wraps(RDSBackend)
def failover_db_cluster(original: Any, self: RDSBackend, db_cluster_identifier: str, target_db_instance_identifier: str | None = None) -> DBCluster:
    _settle(self)
    cluster = self.clusters.get(db_cluster_identifier)
    if cluster is not None:
        _refuse_failover(cluster, target_db_instance_identifier)
    answer = original(self, db_cluster_identifier, target_db_instance_identifier)
    if durations.failover:
        answer.status = "failing-over"
        answer.fails_over_until = clock.now() + timedelta(seconds=durations.failover)
    return answer


def _refuse_failover(cluster: DBCluster, target: str | None) -> None:
    if cluster.status != "available":
        raise InvalidDBClusterStateFault(f"DB cluster {cluster.db_cluster_identifier} is not in available state.")
    if is_secondary(cluster):
        raise InvalidDBClusterStateFault(f"DB cluster {cluster.db_cluster_identifier} is a secondary of a global database and has no writer to fail over from.")
    if target is not None and target not in {member.db_instance_identifier for member in cluster.members}:
        raise InvalidParameterValue(f"Instance {target} is not a member of cluster {cluster.db_cluster_identifier}")
    if target is not None and cluster.writer is not None and cluster.writer.db_instance_identifier == target:
        raise InvalidDBInstanceStateFault(f"Instance {target} is already the writer of cluster {cluster.db_cluster_identifier}")


@wraps(RDSBackend)
def describe_db_instances(original: Any, self: RDSBackend, *args: Any, **kwargs: Any) -> list[DBInstance]:
    _settle(self)
    return original(self, *args, **kwargs)


@wraps(RDSBackend)
def describe_db_clusters(original: Any, self: RDSBackend, *args: Any, **kwargs: Any) -> list[DBCluster]:
    _settle(self)
    return original(self, *args, **kwargs)


def _settle(backend: RDSBackend) -> None:
    now = clock.now()
    for database in list(backend.databases.values()):
        due = getattr(database, "class_changes_at", None)
        if due is not None and now >= due:
            database.db_instance_class = database.pending_modified_values["DBInstanceClass"]
            database.pending_modified_values = None
            database.class_changes_at = None
            database.status = "available"
    for cluster in list(backend.clusters.values()):
        due = getattr(cluster, "fails_over_until", None)
        if due is not None and now >= due:
            cluster.fails_over_until = None
            cluster.status = "available"


@wraps(DBInstanceClustered)
def update(original: Any, self: DBInstanceClustered, **changes: Any) -> None:
    """Terraform repeats settings that an instance takes from its cluster; AWS ignores them there."""
    original(self, **{name: value for name, value in changes.items() if name not in ("backup_retention_period", "preferred_backup_window")})
    if changes.get("enable_performance_insights") is not None:
        self.performance_insights_enabled = changes["enable_performance_insights"]
