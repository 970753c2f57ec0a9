"""`python -m local_aws --port N`: serves on 127.0.0.1 until it is told to stop (SIGTERM or SIGINT)."""

import argparse
import os
import signal
import sys

# moto reads this while it is imported; the stacks attach AWS's managed policies.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")

from werkzeug.serving import run_simple  # noqa: E402

from .clock import govern_moto  # noqa: E402

govern_moto()

from . import services  # noqa: E402, F401  (importing it extends moto)
from .server import LocalAws, RequestHandler  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(prog="local_aws", description="AWS on this machine, for tests")
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    os.environ["MOTO_PORT"] = str(port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    run_simple("127.0.0.1", port, LocalAws(), threaded=True, request_handler=RequestHandler)


if __name__ == "__main__":
    main()
