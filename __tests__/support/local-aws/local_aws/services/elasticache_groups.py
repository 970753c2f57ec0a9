"""
ElastiCache parameter groups, which stock moto does not have, and changing and deleting subnet groups, which it cannot.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html
"""

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.elasticache.exceptions import CacheSubnetGroupNotFound, ElastiCacheException
from moto.elasticache.models import CacheSubnetGroup, ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from ..patching import adds, wraps


class CacheParameterGroupNotFound(ElastiCacheException):
    code = "CacheParameterGroupNotFound"

    def __init__(self, name: str):
        super().__init__(f"CacheParameterGroup {name} not found.")


class CacheParameterGroupAlreadyExists(ElastiCacheException):
    code = "CacheParameterGroupAlreadyExists"

    def __init__(self, name: str):
        super().__init__(f"CacheParameterGroup {name} already exists.")


class InvalidCacheParameterGroupState(ElastiCacheException):
    code = "InvalidCacheParameterGroupState"


class CacheSubnetGroupInUse(ElastiCacheException):
    code = "CacheSubnetGroupInUse"


@wraps(ElastiCacheBackend)
def __init__(original: Any, self: ElastiCacheBackend, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    self.parameter_groups = {}
    self.parameter_values = {}
    self.arn_regex = re.compile(r"^arn:aws[\w-]*:elasticache:.*:[0-9]*:(cluster|snapshot|subnetgroup|replicationgroup|user|usergroup|parametergroup):.*$")


def _name(response: ElastiCacheResponse) -> str:
    name = response._get_param("CacheParameterGroupName")
    if name not in response.elasticache_backend.parameter_groups:
        raise CacheParameterGroupNotFound(name)
    return name


@adds(ElastiCacheResponse)
def create_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    name = self._get_param("CacheParameterGroupName")
    backend = self.elasticache_backend
    if name in backend.parameter_groups:
        raise CacheParameterGroupAlreadyExists(name)
    group = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": self._get_param("CacheParameterGroupFamily"),
        "Description": self._get_param("Description"),
        "IsGlobal": False,
        "ARN": f"arn:aws:elasticache:{self.region}:{self.current_account}:parametergroup:{name}",
    }
    backend.parameter_groups[name] = group
    backend.parameter_values[name] = {}
    backend.tagging_service.tag_resource(group["ARN"], self._get_param("Tags", []))
    return ActionResult({"CacheParameterGroup": group})


@adds(ElastiCacheResponse)
def describe_cache_parameter_groups(self: ElastiCacheResponse) -> ActionResult:
    groups = self.elasticache_backend.parameter_groups
    asked = self._get_param("CacheParameterGroupName")
    return ActionResult({"CacheParameterGroups": [groups[_name(self)]] if asked else list(groups.values())})


@adds(ElastiCacheResponse)
def modify_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    name = _name(self)
    for parameter in self._get_param("ParameterNameValues", []):
        self.elasticache_backend.parameter_values[name][parameter["ParameterName"]] = parameter["ParameterValue"]
    return ActionResult({"CacheParameterGroupName": name})


@adds(ElastiCacheResponse)
def reset_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    name = _name(self)
    for parameter in self._get_param("ParameterNameValues", []):
        self.elasticache_backend.parameter_values[name].pop(parameter["ParameterName"], None)
    return ActionResult({"CacheParameterGroupName": name})


@adds(ElastiCacheResponse)
def describe_cache_parameters(self: ElastiCacheResponse) -> ActionResult:
    """What a user set and, unless only that is asked for, what the family reserves: nothing here needs its other defaults."""
    values = self.elasticache_backend.parameter_values[_name(self)]
    of_user = [_parameter(name, value, "user") for name, value in values.items()]
    reserved = [] if self._get_param("Source") == "user" or RESERVED in values else [_parameter(RESERVED, "25", "system")]
    return ActionResult({"Parameters": [*of_user, *reserved]})


RESERVED = "reserved-memory-percent"


def _parameter(name: str, value: str, source: str) -> dict[str, Any]:
    return {"ParameterName": name, "ParameterValue": value, "Source": source, "DataType": "string", "IsModifiable": True}


@adds(ElastiCacheResponse)
def delete_cache_parameter_group(self: ElastiCacheResponse) -> ActionResult:
    name = _name(self)
    backend = self.elasticache_backend
    if any(group.cache_parameter_group_name == name for group in backend.replication_groups.values()):
        raise InvalidCacheParameterGroupState(f"One or more cache clusters are still members of this parameter group {name}, so the group cannot be deleted.")
    del backend.parameter_groups[name]
    del backend.parameter_values[name]
    return ActionResult({})


def _subnet_group(response: ElastiCacheResponse) -> CacheSubnetGroup:
    name = response._get_param("CacheSubnetGroupName")
    found = response.elasticache_backend.cache_subnet_groups.get(name)
    if found is None:
        raise CacheSubnetGroupNotFound(name)
    return found


@adds(ElastiCacheResponse)
def delete_cache_subnet_group(self: ElastiCacheResponse) -> ActionResult:
    name = _subnet_group(self).cache_subnet_group_name
    backend = self.elasticache_backend
    if any(group.cache_subnet_group_name == name for group in backend.replication_groups.values()):
        raise CacheSubnetGroupInUse(f"Cache subnet group {name} is currently in use by a cache cluster.")
    del backend.cache_subnet_groups[name]
    return ActionResult({})


@adds(ElastiCacheResponse)
def modify_cache_subnet_group(self: ElastiCacheResponse) -> ActionResult:
    old = _subnet_group(self)
    backend = self.elasticache_backend
    changed = CacheSubnetGroup(
        backend.account_id,
        backend.region_name,
        old.cache_subnet_group_name,
        self._get_param("CacheSubnetGroupDescription") or old.cache_subnet_group_description,
        self._get_param("SubnetIds") or old.subnet_ids,
        old.tags,
    )
    backend.cache_subnet_groups[old.cache_subnet_group_name] = changed
    return ActionResult({"CacheSubnetGroup": changed})
