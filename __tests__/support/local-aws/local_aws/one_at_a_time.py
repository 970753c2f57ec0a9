"""
One request at a time. moto keeps its state, and what its serializers have learned, in plain dictionaries; the server answers each connection
in a thread of its own, and two of them at once end now and then in `RuntimeError: dictionary changed size during iteration`, a 500 that AWS
never gave. Python computes one thread at a time anyway, so nothing is slower for it.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from .replies import Wsgi


class OneAtATime:
    """Wraps a WSGI application; an answer is whole before the next request begins."""

    def __init__(self, application: Wsgi) -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._lock:
            return [b"".join(self._application(environ, start_response))]
