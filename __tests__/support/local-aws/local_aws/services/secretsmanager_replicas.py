"""
The key that a secret's replica is encrypted with. Stock moto forgets it and answers AWS's own key.
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicaRegionType.html
"""

from typing import Any

from moto.secretsmanager.models import FakeSecret, ReplicaSecret

from ..patching import wraps


@wraps(FakeSecret)
def create_replicas(original: Any, self: FakeSecret, replica_regions: list[dict[str, str]], force_overwrite: bool) -> list[ReplicaSecret]:
    replicas = original(self, replica_regions, force_overwrite)
    for replica, asked in zip(replicas, replica_regions or [], strict=True):
        if asked.get("KmsKeyId"):
            replica.config["KmsKeyId"] = asked["KmsKeyId"]
    return replicas
