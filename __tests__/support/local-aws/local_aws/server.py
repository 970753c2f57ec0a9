"""The WSGI application: moto's, and a few routes of its own under /tap/."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from wsgiref.handlers import format_date_time

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

from .calls import mutations, unsupported
from .clock import clock
from .leftovers import resources
from .one_at_a_time import OneAtATime
from .replies import Replies
from .settings import durations

StartResponse = Callable[..., Any]


class RequestHandler(MotoRequestHandler):
    """Every answer carries the server's time, from which the optimizer learns AWS's; only failures of the server are logged, of ten thousand requests."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_date_time(clock.now_ms() / 1000 if timestamp is None else timestamp)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if str(code).startswith("5"):
            super().log_request(code, size)


class LocalAws:
    """`GET|POST /tap/clock`, `GET|POST /tap/durations`, `GET /tap/calls`, `GET /tap/unsupported`, `GET /tap/resources`; all else is AWS."""

    def __init__(self) -> None:
        self._moto = Replies(OneAtATime(DomainDispatcherApplication(create_backend_app)))
        self._routes: dict[tuple[str, str], Callable[[dict[str, Any], dict[str, str]], Any]] = {
            ("GET", "/tap/clock"): lambda _body, _query: {"now": clock.now().isoformat() + "Z", "nowMs": clock.now_ms()},
            ("POST", "/tap/clock"): _move_clock,
            ("GET", "/tap/durations"): lambda _body, _query: durations.as_dict(),
            ("POST", "/tap/durations"): _change_durations,
            ("GET", "/tap/calls"): lambda _body, query: mutations.since(int(query.get("since", "0"))),
            ("GET", "/tap/unsupported"): lambda _body, query: unsupported.since(int(query.get("since", "0"))),
            ("GET", "/tap/resources"): lambda _body, query: resources(query.get("regions", "us-east-1,us-west-2").split(",")),
        }

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith("/tap/"):
            return self._answer(environ, start_response)
        return self._moto(environ, start_response)

    def _answer(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        route = self._routes.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if route is None:
            return _json(start_response, "404 Not Found", {"error": f"no route {environ['REQUEST_METHOD']} {environ['PATH_INFO']}"})
        length = int(environ.get("CONTENT_LENGTH") or 0)
        query = {name: values[-1] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        try:
            body = json.loads(environ["wsgi.input"].read(length) or b"{}")
            answer = route(body, query)
        except ValueError as wrong:
            return _json(start_response, "400 Bad Request", {"error": str(wrong)})
        return _json(start_response, "200 OK", answer)


def _move_clock(body: dict[str, Any], _query: dict[str, str]) -> Any:
    if set(body) == {"advanceSeconds"}:
        clock.advance(float(body["advanceSeconds"]))
    elif set(body) == {"now"}:
        clock.set(datetime.fromisoformat(str(body["now"]).replace("Z", "+00:00")))
    else:
        raise ValueError('expected {"advanceSeconds": number} or {"now": "2026-11-21T08:00:00Z"}')
    return {"now": clock.now().isoformat() + "Z", "nowMs": clock.now_ms()}


def _change_durations(body: dict[str, Any], _query: dict[str, str]) -> Any:
    durations.change(body)
    return durations.as_dict()


def _json(start_response: StartResponse, status: str, answer: Any) -> Iterable[bytes]:
    body = json.dumps(answer).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
