import threading
import time
from concurrent.futures import ThreadPoolExecutor

from local_aws.one_at_a_time import OneAtATime


def test_no_request_begins_before_the_answer_to_the_one_before_is_whole():
    at_work = 0
    most = 0
    counting = threading.Lock()

    def application(_environ, _start_response):
        nonlocal at_work, most
        with counting:
            at_work += 1
            most = max(most, at_work)
        for _ in range(3):
            time.sleep(0.001)
            yield b"x"
        with counting:
            at_work -= 1

    served = OneAtATime(application)
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: served({}, None), range(40)))
    assert most == 1
    assert answers == [[b"xxx"]] * 40
