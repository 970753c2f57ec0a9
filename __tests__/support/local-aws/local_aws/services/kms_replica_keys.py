"""
Copies of multi-Region keys. Stock moto makes a copy share the original's description, policy, aliases, grants and even its role, and forgets
its tags, for which Terraform then waits in vain. In AWS all of these are the copy's own; what each knows of the others is the same.
https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html
"""

import json
from typing import Any

from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.responses import KmsResponse

from ..patching import wraps


@wraps(KmsBackend)
def replicate_key(original: Any, self: KmsBackend, key_id: str, replica_region: str) -> Key:
    copy = original(self, key_id, replica_region)
    copy.multi_region_configuration = {**self.keys[copy.id].multi_region_configuration, "MultiRegionKeyType": "REPLICA"}
    copy.aliases, copy.grants = {}, {}
    return copy


@wraps(KmsResponse)
def replicate_key(original: Any, self: KmsResponse) -> str:  # noqa: F811
    answer = json.loads(original(self))
    tags = self._get_param("Tags") or []
    backend = kms_backends[self.current_account][self._get_param("ReplicaRegion")]
    copy = backend.keys[answer["ReplicaKeyMetadata"]["KeyId"]]
    copy.description = self._get_param("Description") or ""
    copy.policy = self._get_param("Policy") or copy.generate_default_policy()
    backend.tagger.tag_resource(copy.id, tags)
    return json.dumps({"ReplicaKeyMetadata": copy.to_dict()["KeyMetadata"], "ReplicaPolicy": copy.policy, "ReplicaTags": tags})
