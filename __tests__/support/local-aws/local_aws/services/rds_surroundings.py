"""
What stands around a database, which stock moto does not tell: pending maintenance and endpoints of clusters. Nothing here makes any, so
that none is there.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribePendingMaintenanceActions.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusterEndpoints.html
"""

from moto.core.responses import ActionResult
from moto.rds.responses import RDSResponse

from ..patching import adds


@adds(RDSResponse)
def describe_pending_maintenance_actions(self: RDSResponse) -> ActionResult:
    return ActionResult({"PendingMaintenanceActions": []})


@adds(RDSResponse)
def describe_db_cluster_endpoints(self: RDSResponse) -> ActionResult:
    wanted = self.params.get("DBClusterIdentifier")
    clusters = self.backend.describe_db_clusters(wanted, None)
    endpoints = [
        {"DBClusterIdentifier": cluster.db_cluster_identifier, "Endpoint": endpoint, "EndpointType": kind, "Status": "available"}
        for cluster in clusters
        for kind, endpoint in (("WRITER", cluster.endpoint), ("READER", cluster.reader_endpoint))
    ]
    return ActionResult({"DBClusterEndpoints": endpoints})
