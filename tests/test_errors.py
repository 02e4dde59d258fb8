import pytest

from helpers.errors import LabError, NoSuchFunction, did_you_mean


@pytest.mark.parametrize(
    ("word", "known", "sentence"),
    [
        ("greter", ["greeter", "resize"], " Did you mean 'greeter'?"),
        ("GREETER", ["Greeter"], " Did you mean 'Greeter'?"),
        ("thumbnail", ["greeter", "audit"], " There is: audit, greeter."),
        ("greeter", [], ""),
    ],
)
def test_the_nearest_name_is_suggested_or_else_all_names(word, known, sentence):
    assert did_you_mean(word, known) == sentence


def test_a_notebook_shows_the_message_and_no_traceback():
    error = NoSuchFunction("There is no function 'greter' in this lab.")
    assert isinstance(error, LabError)
    assert error._render_traceback_() == [
        "NoSuchFunction: There is no function 'greter' in this lab."
    ]
