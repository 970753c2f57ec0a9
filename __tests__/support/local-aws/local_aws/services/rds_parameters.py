"""
Parameters of parameter groups. Stock moto leaves out where a value comes from, and takes any way of applying one. RDS forgets who wrote a
value that is the engine's own: it answers `Source: system` and `ApplyMethod: pending-reboot`, which Terraform takes for a difference. A
parameter that changes at a restart only is refused as an immediate one. A cluster without serverless v1 settings has none, where stock
moto answers an empty record. Default groups are there without being made; stock moto knows none of them, though clusters name one. Nobody can
write into a default group, so that it holds nothing of `Source: user`.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBParameters.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterParameterGroup.html
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import InvalidParameterCombination
from moto.rds.models import DBCluster, RDSBackend
from moto.rds.responses import RDSResponse

from ..patching import wraps, wraps_property

FAMILIES: dict[str, dict[str, dict[str, str]]] = json.loads((Path(__file__).parent.parent / "engine_parameters.json").read_text())["families"]
SPELLINGS = {"ON": "1", "OFF": "0"}


@wraps(RDSBackend)
def modify_db_parameter_group(original: Any, self: RDSBackend, db_parameter_group_name: str, db_parameter_group_parameters: Iterable[dict[str, Any]]) -> Any:
    group = self.db_parameter_groups.get(db_parameter_group_name)
    _refuse(group.family if group else None, db_parameter_group_parameters)
    return original(self, db_parameter_group_name, db_parameter_group_parameters)


@wraps(RDSBackend)
def modify_db_cluster_parameter_group(
    original: Any, self: RDSBackend, db_cluster_parameter_group_name: str, db_cluster_parameter_group_parameters: Iterable[dict[str, Any]]
) -> Any:
    group = self.db_cluster_parameter_groups.get(db_cluster_parameter_group_name)
    _refuse(group.db_parameter_group_family if group else None, db_cluster_parameter_group_parameters)
    return original(self, db_cluster_parameter_group_name, db_cluster_parameter_group_parameters)


@wraps(RDSResponse)
def describe_db_parameters(original: Any, self: RDSResponse) -> ActionResult:
    group = self.backend.db_parameter_groups.get(self.params["DBParameterGroupName"])
    if group is None and _is_untouched_default(self.params["DBParameterGroupName"], self.params.get("Source")):
        return ActionResult({"Parameters": []})
    return _described(original(self), group.family if group else None, self.params.get("Source"))


@wraps(RDSResponse)
def describe_db_cluster_parameters(original: Any, self: RDSResponse) -> ActionResult:
    group = self.backend.db_cluster_parameter_groups.get(self.params["DBClusterParameterGroupName"])
    if group is None and _is_untouched_default(self.params["DBClusterParameterGroupName"], self.params.get("Source")):
        return ActionResult({"Parameters": []})
    return _described(original(self), group.db_parameter_group_family if group else None, self.params.get("Source"))


@wraps_property(DBCluster)
def scaling_configuration_info(original: Any, self: DBCluster) -> dict[str, Any] | None:
    return original(self) if self.scaling_configuration else None


def _refuse(family: str | None, parameters: Iterable[dict[str, Any]]) -> None:
    for one in parameters:
        known = FAMILIES.get(family or "", {}).get(one["ParameterName"], {})
        if known.get("applyType") == "static" and one.get("ApplyMethod") == "immediate":
            raise InvalidParameterCombination("cannot use immediate apply method for static parameter")


def _is_untouched_default(name: str, source: str | None) -> bool:
    return name.startswith("default.") and source == "user"


def _described(answer: ActionResult, family: str | None, source: str | None) -> ActionResult:
    parameters = [_parameter(family, one) for one in answer.result["Parameters"]]
    return ActionResult({"Parameters": [one for one in parameters if source in (None, one["Source"])]})


def _parameter(family: str | None, written: dict[str, Any]) -> dict[str, Any]:
    known = FAMILIES.get(family or "", {}).get(written["ParameterName"], {})
    said = {"Source": "user", "DataType": "string", "IsModifiable": True, "ApplyType": known.get("applyType", "dynamic"), **written}
    is_own = "default" in known and _spelled(known["default"]) == _spelled(written.get("ParameterValue"))
    return {**said, "Source": "system", "ApplyMethod": "pending-reboot"} if is_own else said


def _spelled(value: Any) -> str:
    return SPELLINGS.get(str(value).upper(), str(value))
