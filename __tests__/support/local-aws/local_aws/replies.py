"""
A repeated request gets the answer it got before.

The development server under moto closes each connection after its answer, and now and then a client on a busy machine loses an
answer that way. SDKs then send the same request again, with the same invocation id and a higher attempt; moto would carry it out twice
(`RouteAlreadyExists`). What a lost answer does to the optimizer is tested elsewhere, on purpose; here it would only be noise.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Answer = tuple[str, list[tuple[str, str]], bytes]

KEPT = 2000
_ATTEMPT = re.compile(r"attempt=(\d+)")


class Replies:
    """Wraps a WSGI application; remembers the successful answers of the last requests by their invocation id."""

    def __init__(self, application: Wsgi) -> None:
        self._application = application
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        invocation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if invocation is None:
            return self._application(environ, start_response)
        answer = self._earlier(invocation) if _attempt(environ) > 1 else None
        if answer is None:
            answer = self._ask(environ)
            self._remember(invocation, answer)
        status, headers, body = answer
        start_response(status, headers)
        return [body]

    def _ask(self, environ: dict[str, Any]) -> Answer:
        begun: list[tuple[str, list[tuple[str, str]]]] = []
        chunks = self._application(environ, lambda status, headers, _info=None: begun.append((status, list(headers))))
        body = b"".join(chunks)
        status, headers = begun[-1]
        return status, headers, body

    def _earlier(self, invocation: str) -> Answer | None:
        with self._lock:
            return self._answers.get(invocation)

    def _remember(self, invocation: str, answer: Answer) -> None:
        if not answer[0].startswith("2"):
            return
        with self._lock:
            self._answers[invocation] = answer
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)


def _attempt(environ: dict[str, Any]) -> int:
    found = _ATTEMPT.search(environ.get("HTTP_AMZ_SDK_REQUEST", ""))
    return int(found.group(1)) if found else 1
