"""
Updates of a function's configuration. Stock moto makes them at once, whatever the size and whatever `RevisionId` the caller has read, tells
no revision, does not know the account's settings, and reserves as much as anybody asks for.

Here an update takes `durations.function_update` seconds, in which the function is told as it will be with `LastUpdateStatus` `InProgress`
and takes no other; the revision counts on when it begins and when it is over. A reservation waits for it, and leaves the account its floor.
https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from moto.awslambda import urls
from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError, PreconditionFailedException, ValidationException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import ActionResult

from ..clock import clock
from ..patching import adds, wraps
from ..settings import durations

LIMITS = {"MemorySize": ("memorySize", 128, 10_240), "Timeout": ("timeout", 1, 900)}
# Of an account that asked for no more: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
CONCURRENCY = 1000
# What stays for functions without a reservation: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
LEAST_UNRESERVED = 100


class ResourceConflict(LambdaClientError):
    code = 409

    def __init__(self, arn: str):
        super().__init__("ResourceConflictException", f"The operation cannot be performed at this time. An update is in progress for resource: {arn}")


@wraps(LambdaFunction)
def get_configuration(original: Any, self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
    answer = {**original(self, on_create=on_create), "RevisionId": _revision(self)}
    return {**answer, "LastUpdateStatus": "InProgress"} if _updating(self) else answer


@wraps(LambdaFunction)
def update_configuration(original: Any, self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
    for parameter, (name, least, most) in LIMITS.items():
        value = config_updates.get(parameter)
        if value is not None and not least <= value <= most:
            raise ValidationException(str(value), name, f"Member must have value between {least} and {most}")
    if _updating(self):
        raise ResourceConflict(self.function_arn)
    asked = config_updates.get("RevisionId")
    if asked is not None and asked != _revision(self):
        raise PreconditionFailedException(
            "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id"
        )
    self.update_ends = [*_ends(self), clock.now() + timedelta(seconds=durations.function_update)]
    original(self, config_updates)
    return self.get_configuration()


@wraps(LambdaBackend)
def put_function_concurrency(original: Any, self: LambdaBackend, function_name: str, reserved_concurrency: str) -> str:
    function = self.get_function(function_name)
    if _updating(function):
        raise ResourceConflict(function.function_arn)
    others = sum(int(each.reserved_concurrency or 0) for each in self.list_functions() if each.function_name != function.function_name)
    if CONCURRENCY - others - int(reserved_concurrency) < LEAST_UNRESERVED:
        raise InvalidParameterValueException(
            f"Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [{LEAST_UNRESERVED}]."
        )
    return original(self, function_name, reserved_concurrency)


@wraps(LambdaBackend)
def delete_function_concurrency(original: Any, self: LambdaBackend, function_name: str) -> Any:
    function = self.get_function(function_name)
    if _updating(function):
        raise ResourceConflict(function.function_arn)
    return original(self, function_name)


def _ends(function: LambdaFunction) -> list[datetime]:
    return getattr(function, "update_ends", [])


def _updating(function: LambdaFunction) -> bool:
    return any(clock.now() < end for end in _ends(function))


def _revision(function: LambdaFunction) -> str:
    """Another at each beginning and each end."""
    counted = len(_ends(function)) + sum(1 for end in _ends(function) if clock.now() >= end)
    return str(uuid5(NAMESPACE_URL, f"{function.function_arn} {function.last_modified} {counted}"))


urls.url_paths[r"{0}/(?P<api_version>[^/]+)/account-settings/?$"] = LambdaResponse.dispatch


@adds(LambdaResponse)
def get_account_settings(self: LambdaResponse) -> ActionResult:
    functions = list(self.backend.list_functions())
    reserved = sum(int(function.reserved_concurrency or 0) for function in functions)
    limits = {"ConcurrentExecutions": CONCURRENCY, "UnreservedConcurrentExecutions": CONCURRENCY - reserved}
    return ActionResult({"AccountLimit": limits, "AccountUsage": {"FunctionCount": len(functions)}})
