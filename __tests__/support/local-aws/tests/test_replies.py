from local_aws.replies import Replies


def ask(application, invocation, attempt):
    begun = []
    environ = {"HTTP_AMZ_SDK_INVOCATION_ID": invocation, "HTTP_AMZ_SDK_REQUEST": f"attempt={attempt}; max=4"}
    body = b"".join(application(environ, lambda status, headers: begun.append(status)))
    return begun[0], body


def counting(status):
    calls = []

    def application(_environ, start_response):
        calls.append(1)
        start_response(status, [])
        return [str(len(calls)).encode()]

    return Replies(application)


def test_a_repeated_request_gets_its_first_answer_and_is_not_carried_out_twice():
    application = counting("200 OK")
    assert ask(application, "a", 1) == ("200 OK", b"1")
    assert ask(application, "a", 2) == ("200 OK", b"1")
    assert ask(application, "b", 1) == ("200 OK", b"2")


def test_a_request_that_failed_is_carried_out_again():
    application = counting("500 Internal Server Error")
    ask(application, "a", 1)
    assert ask(application, "a", 2)[1] == b"2"
