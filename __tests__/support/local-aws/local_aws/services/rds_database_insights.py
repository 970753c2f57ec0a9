"""
How much Database Insights keeps of a cluster. Stock moto forgets it; AWS says `standard` of a cluster that was made without a word.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
"""

from typing import Any

from moto.rds.models import DBCluster

from ..patching import wraps


@wraps(DBCluster)
def __init__(original: Any, self: DBCluster, *args: Any, **kwargs: Any) -> None:
    original(self, *args, **kwargs)
    self.database_insights_mode = kwargs.get("database_insights_mode") or "standard"
