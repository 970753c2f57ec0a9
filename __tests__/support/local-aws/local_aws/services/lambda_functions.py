"""
Where a function's failed events and its log lines go. Stock moto forgets both, so that Terraform sets them at every apply.
https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
"""

from typing import Any

from moto.awslambda.models import LambdaFunction

from ..patching import wraps

KEPT = ("DeadLetterConfig", "LoggingConfig", "TracingConfig", "KMSKeyArn", "EphemeralStorage")


@wraps(LambdaFunction)
def __init__(original: Any, self: LambdaFunction, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any) -> None:
    original(self, account_id, spec, *args, **kwargs)
    self.kept = {name: spec[name] for name in KEPT if spec.get(name)}


@wraps(LambdaFunction)
def get_configuration(original: Any, self: LambdaFunction, *args: Any, **kwargs: Any) -> dict[str, Any]:
    logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
    return {**original(self, *args, **kwargs), "LoggingConfig": logging, **self.kept}


@wraps(LambdaFunction)
def update_configuration(original: Any, self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
    self.kept = {**self.kept, **{name: config_updates[name] for name in KEPT if config_updates.get(name)}}
    return original(self, config_updates)
