"""What exists in the account, by kind and name: the same before an apply and after a destroy, or something was left behind."""

from collections.abc import Callable, Iterable
from typing import Any

from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

Lister = Callable[[Any], Iterable[str]]


def _keys(attribute: str) -> Lister:
    return lambda backend: getattr(backend, attribute).keys()


def _own_groups(attribute: str) -> Lister:
    """Without AWS's own (`default.…`), which come with the first database that names none."""
    return lambda backend: [name for name in getattr(backend, attribute) if not name.startswith("default.")]


def _alive_instances(backend: Any) -> Iterable[str]:
    return [instance.id for instance in backend.all_instances() if instance.state != "terminated"]


def _usable_keys(backend: Any) -> Iterable[str]:
    """Without AWS's own (`alias/aws/…`), which come with the first encrypted resource and are nobody's to delete."""
    return [key.id for key in backend.keys.values() if key.key_state != "PendingDeletion" and not any(alias.startswith("alias/aws/") for alias in key.aliases)]


def _live_secrets(backend: Any) -> Iterable[str]:
    return [secret.name for secret in backend.secrets.values() if not secret.is_deleted()]


def _own_policies(backend: Any) -> Iterable[str]:
    return [policy.name for policy in backend.managed_policies.values() if ":aws:policy/" not in policy.arn]


def _by_id(attribute: str) -> Lister:
    """moto's EC2 keeps some kinds by VPC, then by id."""
    return lambda backend: [one for group in getattr(backend, attribute).values() for one in group]


def _active_clusters(backend: Any) -> Iterable[str]:
    return [cluster.name for cluster in backend.clusters.values() if cluster.status == "ACTIVE"]


def _active_services(backend: Any) -> Iterable[str]:
    return [service.name for service in backend.services.values() if service.status == "ACTIVE"]


def _active_task_definitions(backend: Any) -> Iterable[str]:
    """AWS keeps the others, as inactive, for ever."""
    return [f"{one.family}:{one.revision}" for family in backend.task_definitions.values() for one in family.values() if one.status == "ACTIVE"]


def _scalable_targets(backend: Any) -> Iterable[str]:
    return [target for by_dimension in backend.targets.values() for target in by_dimension]


def _schedules(backend: Any) -> Iterable[str]:
    return [f"{group.name}/{name}" for group in backend.schedule_groups.values() for name in group.schedules]


def _event_rules(backend: Any) -> Iterable[str]:
    return [rule for bus in backend.event_buses.values() for rule in bus.rules]


def _live_peerings(backend: Any) -> Iterable[str]:
    return [one.id for one in backend.vpc_pcxs.values() if one._status.code not in ("deleted", "rejected")]


REGIONAL: dict[str, tuple[str, Lister]] = {
    "dynamodb tables": ("dynamodb", _keys("tables")),
    "rds clusters": ("rds", _keys("clusters")),
    "rds instances": ("rds", _keys("databases")),
    "rds subnet groups": ("rds", _keys("subnet_groups")),
    "rds parameter groups": ("rds", _own_groups("db_parameter_groups")),
    "rds cluster parameter groups": ("rds", _own_groups("db_cluster_parameter_groups")),
    "rds global clusters": ("rds", _keys("global_clusters")),
    "elasticache replication groups": ("elasticache", _keys("replication_groups")),
    "elasticache parameter groups": ("elasticache", _keys("parameter_groups")),
    "elasticache subnet groups": ("elasticache", _keys("cache_subnet_groups")),
    "auto scaling groups": ("autoscaling", _keys("autoscaling_groups")),
    "scaling policies": ("autoscaling", _keys("policies")),
    "launch templates": ("ec2", _keys("launch_templates")),
    "peerings": ("ec2", _live_peerings),
    "instances": ("ec2", _alive_instances),
    "vpcs": ("ec2", _keys("vpcs")),
    "subnets": ("ec2", _by_id("subnets")),
    "security groups": ("ec2", _by_id("groups")),
    "route tables": ("ec2", _keys("route_tables")),
    "internet gateways": ("ec2", _keys("internet_gateways")),
    "nat gateways": ("ec2", lambda backend: [gateway.id for gateway in backend.nat_gateways.values() if gateway.state != "deleted"]),
    "elastic addresses": ("ec2", lambda backend: [address.allocation_id for address in backend.addresses]),
    "flow logs": ("ec2", _keys("flow_logs")),
    "vpc endpoints": ("ec2", lambda backend: [one.id for one in backend.vpc_end_points.values() if one.state != "deleted"]),
    "load balancers": ("elbv2", _keys("load_balancers")),
    "target groups": ("elbv2", _keys("target_groups")),
    "container clusters": ("ecs", _active_clusters),
    "container services": ("ecs", _active_services),
    "task definitions": ("ecs", _active_task_definitions),
    "scalable targets": ("applicationautoscaling", _scalable_targets),
    "functions": ("lambda", lambda backend: [function.function_name for function in backend.list_functions()]),
    "event source mappings": ("lambda", _keys("_event_source_mappings")),
    "event rules": ("events", _event_rules),
    "schedules": ("scheduler", _schedules),
    "queues": ("sqs", _keys("queues")),
    "log groups": ("logs", _keys("groups")),
    "alarms": ("cloudwatch", _keys("alarms")),
    "dashboards": ("cloudwatch", _keys("dashboards")),
    "topics": ("sns", _keys("topics")),
    "keys": ("kms", _usable_keys),
    "secrets": ("secretsmanager", _live_secrets),
    "web access lists": ("wafv2", _keys("wacls")),
    "certificates": ("acm", _keys("_certificates")),
}

GLOBAL: dict[str, tuple[str, Lister]] = {
    "roles": ("iam", lambda backend: [role.name for role in backend.roles.values()]),
    "policies": ("iam", _own_policies),
    "instance profiles": ("iam", lambda backend: [profile.name for profile in backend.instance_profiles.values()]),
    "hosted zones": ("route53", _keys("zones")),
    "health checks": ("route53", _keys("health_checks")),
    "buckets": ("s3", _keys("buckets")),
}


def resources(regions: list[str]) -> dict[str, list[str]]:
    """`{"us-east-1 log groups": ["tap-…"], …}`, kinds without any left out, names sorted."""
    found: dict[str, list[str]] = {}
    for region in regions:
        for kind, (service, lister) in REGIONAL.items():
            found[f"{region} {kind}"] = sorted(lister(get_backend(service)[DEFAULT_ACCOUNT_ID][region]))
    for kind, (service, lister) in GLOBAL.items():
        found[kind] = sorted(lister(get_backend(service)[DEFAULT_ACCOUNT_ID]["aws"]))
    return {kind: names for kind, names in found.items() if names}
