"""
Whether a database is billed for Extended Support once its version's standard support has ended. Stock moto forgets it; AWS enrols
what is made without a word.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
"""

from typing import Any

from moto.rds.models import DBCluster, DBInstance

from ..patching import wraps

ENROLLED = "open-source-rds-extended-support"


def _remembering(original: Any, self: DBInstance | DBCluster, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    self.engine_lifecycle_support = kwargs.get("engine_lifecycle_support") or ENROLLED


@wraps(DBInstance)
def __init__(original: Any, self: DBInstance, *args: Any, **kwargs: Any) -> None:
    _remembering(original, self, *args, **kwargs)


@wraps(DBCluster)
def __init__(original: Any, self: DBCluster, *args: Any, **kwargs: Any) -> None:  # noqa: F811
    _remembering(original, self, *args, **kwargs)
