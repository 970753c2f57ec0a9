"""
The log of mutating calls, and an honest answer to calls nobody has built.

Stock moto answers an unknown action with a page of HTML and status 500, which SDKs retry and then report as a parse error. Here
it is the error `LocalAwsNotImplemented` in the service's own protocol, at once.
"""

import threading
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse

from .clock import clock
from .patching import wraps

READING = ("Describe", "Get", "List", "Head", "BatchGet", "Query", "Scan", "Lookup", "Search", "Simulate", "Decode", "Estimate", "AssumeRole")


class NotImplementedHere(ServiceException):
    code = "LocalAwsNotImplemented"


class CallLog:
    """Calls in the order of their answers, numbered from 1."""

    def __init__(self) -> None:
        self._calls: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def add(self, call: dict[str, Any]) -> None:
        with self._lock:
            self._calls.append({"sequence": len(self._calls) + 1, **call})

    def since(self, sequence: int) -> list[dict[str, Any]]:
        with self._lock:
            return self._calls[sequence:]


mutations = CallLog()
unsupported = CallLog()


@wraps(BaseResponse)
def call_action(original: Any, self: BaseResponse) -> Any:
    action = self._get_action() or ""
    call = {"atMs": clock.now_ms(), "service": self.service_name, "region": self.region, "action": action}
    try:
        answer = original(self)
    except NotImplementedError as missing:
        unsupported.add({**call, "reason": str(missing)})
        return _refuse(self, str(missing))
    if not action.startswith(READING):
        mutations.add({**call, "agent": _agent(self), "status": int(answer[0]), "parameters": _parameters(self)})
    return answer


def _refuse(response: BaseResponse, reason: str) -> Any:
    status, headers, body = response.serialized(ActionResult(NotImplementedHere(f"The local AWS server does not have this: {reason}")))
    return status, {**headers, "status": status}, body


def _agent(response: BaseResponse) -> str:
    agent = str(response.headers.get("User-Agent", ""))
    return "terraform" if "Terraform" in agent else "sdk"


def _parameters(response: BaseResponse) -> dict[str, Any]:
    """Names and sizes only: enough to tell one call from another, and no user data or policy of some thousand characters."""
    parameters = response._get_params()
    return {name: value for name, value in parameters.items() if isinstance(value, (str, int, float, bool)) and len(str(value)) <= 200}
