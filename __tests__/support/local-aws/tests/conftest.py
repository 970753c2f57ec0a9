"""A server of our own in a thread, emptied before every test; clients that talk to it over HTTP as the optimizer does."""

import json
import os
import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

os.environ.update({"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"})

import boto3
import pytest
from botocore.config import Config
from werkzeug.serving import make_server

from local_aws.clock import govern_moto

govern_moto()

from local_aws import services  # noqa: F401
from local_aws.server import LocalAws, RequestHandler
from local_aws.settings import Durations, durations

REGION = "us-east-1"


class Server:
    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(self.url + path, data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def advance(self, seconds: float) -> None:
        self.ask("/tap/clock", {"advanceSeconds": seconds})


@pytest.fixture(scope="session")
def running() -> Iterator[Server]:
    server = make_server("127.0.0.1", 0, LocalAws(), threaded=True, request_handler=RequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Server(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()


@pytest.fixture
def server(running: Server) -> Server:
    urllib.request.urlopen(urllib.request.Request(running.url + "/moto-api/reset", method="POST")).close()
    durations.change(Durations().as_dict())
    return running


@pytest.fixture
def client(server: Server) -> Callable[..., Any]:
    def make(service: str, region: str = REGION) -> Any:
        return boto3.client(service, region_name=region, endpoint_url=server.url, config=Config(retries={"max_attempts": 1}))

    return make


@pytest.fixture
def refused() -> Callable[..., str]:
    """The name of the error that a call is refused with."""

    def code_of(call: Callable[..., Any], **parameters: Any) -> str:
        with pytest.raises(Exception) as raised:
            call(**parameters)
        return raised.value.response["Error"]["Code"]

    return code_of
