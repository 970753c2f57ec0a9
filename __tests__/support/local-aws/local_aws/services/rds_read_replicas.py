"""
Read replicas of instances. Stock moto copies the source with all it has: a replica in another region then looks for its subnet group
in the source's region, has the source's resource id and protection, and cannot be deleted again. AWS makes an instance of its own
that takes engine, storage, user and database from its source, and everything else from the request.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
"""

from typing import Any

from moto.core.exceptions import ServiceException
from moto.rds.exceptions import InvalidParameterCombination, RDSClientError
from moto.rds.models import DBInstance, RDSBackend

from ..patching import wraps

INHERITED = (
    "engine",
    "engine_version",
    "engine_lifecycle_support",
    "db_instance_class",
    "allocated_storage",
    "storage_type",
    "iops",
    "master_username",
    "db_name",
    "license_model",
    "storage_encrypted",
)
# Of a source in the same region: another one does not know these names and keys.
INHERITED_AT_HOME = ("kms_key_id", "db_parameter_group_name", "vpc_security_group_ids")
NOT_FOR_A_REPLICA = ("source_region", "pre_signed_url", "destination_region", "backend")


class InvalidDBInstanceState(ServiceException):
    code = "InvalidDBInstanceState"


@wraps(RDSBackend)
def create_db_instance_read_replica(_original: Any, self: RDSBackend, db_kwargs: dict[str, Any]) -> DBInstance:
    source = self.find_db_from_id(db_kwargs["source_db_instance_identifier"])
    elsewhere = source.region != self.region_name
    _refuse(source, elsewhere, db_kwargs)
    inherited = {name: getattr(source, name) for name in (*INHERITED, *(() if elsewhere else INHERITED_AT_HOME))}
    own = {name: value for name, value in db_kwargs.items() if value is not None and name not in NOT_FOR_A_REPLICA}
    source_name = source.db_instance_arn if elsewhere else source.db_instance_identifier
    replica = DBInstance(self, **{"backup_retention_period": 0, **inherited, **own, "source_db_instance_identifier": source_name})
    replica.is_replica = True
    self.databases[replica.db_instance_identifier] = replica
    source.add_replica(replica)
    return replica


def _refuse(source: DBInstance, elsewhere: bool, wanted: dict[str, Any]) -> None:
    if source.backup_retention_period == 0:
        raise InvalidDBInstanceState(f"Automated backups are not enabled for this database instance: {source.db_instance_identifier}.")
    if elsewhere and source.storage_encrypted and not wanted.get("kms_key_id"):
        raise InvalidParameterCombination("Cannot create a cross-region read replica of an encrypted DB instance without a KMS key of the replica's region.")
    if wanted.get("master_username") or wanted.get("master_user_password"):
        raise RDSClientError("InvalidParameterCombination", "A read replica takes its master user from its source.")


@wraps(DBInstance)
def remove_replica(_original: Any, self: DBInstance, replica: DBInstance) -> None:
    self.replicas = [one for one in self.replicas if one not in (replica.db_instance_identifier, replica.db_instance_arn)]
