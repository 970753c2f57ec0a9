"""
Aurora global databases. Stock moto finds members only in the region that is asked, cannot modify a global cluster, loses its tags,
keeps deleted clusters as members, ignores the identifier of a describe, and lets a secondary cluster have a writer.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBClusterNotFoundError, RDSClientError
from moto.rds.models import DBCluster, GlobalCluster, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse

from ..patching import adds, wraps, wraps_property


class GlobalClusterNotFound(RDSClientError):
    code = "GlobalClusterNotFoundFault"

    def __init__(self, identifier: str):
        super().__init__(f"Global cluster '{identifier}' not found")


def global_clusters(account_id: str) -> list[GlobalCluster]:
    return [one for backend in list(rds_backends[account_id].values()) for one in backend.global_clusters.values()]


def _find(account_id: str, identifier: str) -> GlobalCluster:
    for one in global_clusters(account_id):
        if one.global_cluster_identifier == identifier.lower():
            return one
    raise GlobalClusterNotFound(identifier)


def is_secondary(cluster: DBCluster) -> bool:
    return any(cluster in one.members and not cluster.is_writer for one in global_clusters(cluster.account_id))


@wraps_property(DBCluster)
def db_cluster_members(original: Any, self: DBCluster) -> list[dict[str, Any]]:
    """A secondary cluster has readers only."""
    members = original(self)
    return [{**member, "IsClusterWriter": False} for member in members] if is_secondary(self) else members


@wraps(RDSResponse)
def describe_global_clusters(original: Any, self: RDSResponse) -> ActionResult:
    identifier = self.params.get("GlobalClusterIdentifier")
    return ActionResult({"GlobalClusters": [_find(self.current_account, identifier)]}) if identifier else original(self)


@wraps(RDSResponse)
def create_global_cluster(original: Any, self: RDSResponse) -> ActionResult:
    answer = original(self)
    made = answer.result["GlobalCluster"]
    made.database_name = self.params.get("DatabaseName")
    made.tags = [{"Key": tag["Key"], "Value": tag["Value"]} for tag in self.params.get("Tags") or []]
    return answer


@adds(RDSResponse)
def modify_global_cluster(self: RDSResponse) -> ActionResult:
    one = _find(self.current_account, self.params["GlobalClusterIdentifier"])
    if self.params.get("EngineVersion"):
        one.engine_version = self.params["EngineVersion"]
    if self.params.get("DeletionProtection") is not None:
        one.deletion_protection = self.params["DeletionProtection"]
    return ActionResult({"GlobalCluster": one})


@wraps(RDSResponse)
def delete_global_cluster(original: Any, self: RDSResponse) -> ActionResult:
    one = _find(self.current_account, self.params["GlobalClusterIdentifier"])
    if one.deletion_protection:
        raise RDSClientError("InvalidParameterCombination", "Cannot delete protected Global Cluster, please disable deletion protection and try again.")
    return original(self)


@wraps(RDSBackend)
def remove_from_global_cluster(_original: Any, self: RDSBackend, global_cluster_identifier: str, db_cluster_identifier: str) -> GlobalCluster:
    one = _find(self.account_id, global_cluster_identifier)
    for member in one.members:
        if db_cluster_identifier in (member.db_cluster_identifier, member.db_cluster_arn):
            one.members.remove(member)
            member.global_cluster_identifier = None
            return one
    raise DBClusterNotFoundError(db_cluster_identifier)


@wraps(RDSBackend)
def delete_db_cluster(original: Any, self: RDSBackend, cluster_identifier: str, snapshot_name: str | None = None) -> DBCluster:
    gone = original(self, cluster_identifier, snapshot_name)
    for one in global_clusters(self.account_id):
        if gone in one.members:
            one.members.remove(gone)
    return gone


@wraps(RDSBackend)
def _get_resource_for_tagging(original: Any, self: RDSBackend, arn: str) -> Any:
    return _find(self.account_id, arn.split(":")[-1]) if ":global-cluster:" in arn else original(self, arn)
