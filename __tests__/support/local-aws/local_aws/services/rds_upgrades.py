"""
Upgrades to another major version, which RDS refuses unless they are allowed in the same call. Stock moto takes any version.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html
"""

from typing import Any

from moto.rds.exceptions import InvalidParameterCombination
from moto.rds.models import DBCluster, DBInstance, RDSBackend

from ..patching import wraps


@wraps(RDSBackend)
def modify_db_instance(original: Any, self: RDSBackend, db_instance_identifier: str, db_kwargs: Any) -> DBInstance:
    _refuse(self.describe_db_instances(db_instance_identifier)[0], db_kwargs)
    return original(self, db_instance_identifier, db_kwargs)


@wraps(RDSBackend)
def modify_db_cluster(original: Any, self: RDSBackend, kwargs: dict[str, Any]) -> DBCluster:
    cluster = self.clusters.get(kwargs["db_cluster_identifier"])
    if cluster is not None:
        _refuse(cluster, kwargs)
    return original(self, kwargs)


def _refuse(database: DBInstance | DBCluster, wanted: dict[str, Any]) -> None:
    version, before = wanted.get("engine_version"), database.engine_version
    if not version or not before or wanted.get("allow_major_version_upgrade"):
        return
    if _major(database.engine, version) != _major(database.engine, before):
        raise InvalidParameterCombination("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")


def _major(engine: str, version: str) -> list[str]:
    """`17` of PostgreSQL's 17.7, `8.4` of MySQL's 8.4.6."""
    return version.split(".")[: 2 if "mysql" in engine else 1]
