"""
Functions. Stock moto forgets where a function's failed events and its log lines go, so that Terraform sets them at every apply; and it takes
any role, where Lambda first tries to assume it, on behalf of the account that it says it acts for.
https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
"""

import json
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.iam.models import iam_backends

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


@wraps(LambdaBackend)
def create_function(original: Any, self: LambdaBackend, spec: dict[str, Any]) -> LambdaFunction:
    roles = iam_backends[self.account_id][self.partition].roles.values()
    role = next((one for one in roles if one.arn == spec.get("Role")), None)
    if role is not None and not any(_trusts(statement, self.account_id) for statement in _list(json.loads(role.assume_role_policy_document)["Statement"])):
        raise InvalidParameterValueException("The role defined for the function cannot be assumed by Lambda.")
    return original(self, spec)


def _trusts(statement: dict[str, Any], account_id: str) -> bool:
    principal = statement.get("Principal")
    services = _list(principal.get("Service")) if isinstance(principal, dict) else []
    accounts = [
        account
        for conditions in (statement.get("Condition") or {}).values()
        for key, values in conditions.items()
        if key.lower() == "aws:sourceaccount"
        for account in _list(values)
    ]
    allows = statement.get("Effect") == "Allow" and "sts:AssumeRole" in _list(statement.get("Action")) and "lambda.amazonaws.com" in services
    return allows and (not accounts or account_id in accounts)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []
