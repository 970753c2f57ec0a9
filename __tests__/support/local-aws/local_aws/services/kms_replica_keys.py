"""
Replicas of multi-Region keys. Stock moto lets both keys share one record, so that the primary turns into a replica as soon as the
replica is described; and it forgets the policy, description and tags that a replica is made with.
https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html
"""

import copy
import json
from typing import Any

from moto.kms.exceptions import ValidationException
from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.responses import KmsResponse

from ..patching import wraps


@wraps(KmsBackend)
def replicate_key(_original: Any, self: KmsBackend, key_id: str, replica_region: str) -> Key:
    primary = self.keys[self.any_id_to_key_id(key_id)]
    if not primary.multi_region:
        raise ValidationException(f"{primary.arn} is not a multi-region key.")
    replica = copy.copy(primary)
    replica.region = replica_region
    replica.arn = primary.arn.replace(f":{primary.region}:", f":{replica_region}:")
    replica.aliases, replica.grants, replica.rotations = {}, {}, []
    replica.policy = replica.generate_default_policy()
    configuration = primary.multi_region_configuration
    configuration["ReplicaKeys"].append({"Arn": replica.arn, "Region": replica_region})
    # The list of replicas stays one for all keys of the family.
    replica.multi_region_configuration = {**configuration, "MultiRegionKeyType": "REPLICA"}
    kms_backends[self.account_id][replica_region].keys[replica.id] = replica
    return replica


@wraps(KmsResponse)
def replicate_key(original: Any, self: KmsResponse) -> str:  # noqa: F811
    answer = json.loads(original(self))
    backend = kms_backends[self.current_account][self._get_param("ReplicaRegion")]
    replica = backend.keys[answer["ReplicaKeyMetadata"]["KeyId"]]
    replica.description = self._get_param("Description") or ""
    replica.policy = self._get_param("Policy") or replica.policy
    if self._get_param("Tags"):
        backend.tagger.tag_resource(replica.id, self._get_param("Tags"))
    return json.dumps({"ReplicaKeyMetadata": replica.to_dict()["KeyMetadata"], "ReplicaPolicy": replica.policy})


@wraps(KmsBackend)
def schedule_key_deletion(original: Any, self: KmsBackend, key_id: str, pending_window_in_days: int) -> float:
    """A deleted replica leaves its family; AWS keeps a primary as `PendingReplicaDeletion` while it has replicas."""
    key = self.keys[key_id]
    if key.multi_region and key.multi_region_configuration["MultiRegionKeyType"] == "REPLICA":
        replicas = key.multi_region_configuration["ReplicaKeys"]
        replicas[:] = [one for one in replicas if one["Region"] != key.region]
    return original(self, key_id, pending_window_in_days)
