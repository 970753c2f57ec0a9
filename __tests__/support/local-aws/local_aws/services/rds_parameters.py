"""
Parameters of instance parameter groups. Stock moto leaves out where a value comes from; Terraform asks for `Source: user` and takes
everything else for a difference. A cluster without serverless v1 settings has none, where stock moto answers an empty record.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBParameters.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.rds.models import DBCluster
from moto.rds.responses import RDSResponse

from ..patching import wraps, wraps_property


@wraps(RDSResponse)
def describe_db_parameters(original: Any, self: RDSResponse) -> ActionResult:
    parameters = original(self).result["Parameters"]
    return ActionResult({"Parameters": [{"Source": "user", "DataType": "string", "IsModifiable": True, "ApplyType": "dynamic", **one} for one in parameters]})


@wraps_property(DBCluster)
def scaling_configuration_info(original: Any, self: DBCluster) -> dict[str, Any] | None:
    return original(self) if self.scaling_configuration else None
