"""A handler is called on this machine, in a process of its own."""

import os

import pytest

from helpers.checks.rehearsal import rehearse


@pytest.fixture
def rehearsed(tmp_path):
    def rehearsed(code, *events, seconds=10):
        (tmp_path / "greeter.py").write_text(code)
        return rehearse(tmp_path / "greeter.py", events or [{}], seconds=seconds)

    return rehearsed


def handler(*lines, inputs="event, context"):
    return "\n    ".join((f"def handler({inputs}):", *lines)) + "\n"


def test_each_event_has_its_own_result_and_print(rehearsed):
    first, second = rehearsed(handler("print(event)", "return [event]"), 1, "two").calls
    assert (first.event, first.result, first.printed) == (1, [1], "1\n")
    assert (second.event, second.result, second.printed) == ("two", ["two"], "two\n")


def test_results_are_what_json_makes_of_them(rehearsed):
    (call,) = rehearsed(handler("return {1: (2, 3)}")).calls
    assert call.result == {"1": [2, 3]}


def test_a_result_that_json_cannot_say_is_told(rehearsed):
    (call,) = rehearsed(handler("return {1, 2}")).calls
    assert call.not_json == "{1, 2}"


def test_an_error_has_its_name_and_its_line(rehearsed):
    (call,) = rehearsed(handler("print('before')", "return event['name']")).calls
    assert (call.error, call.line, call.printed) == ("KeyError: 'name'", 3, "before\n")


def test_sys_exit_is_an_error_like_others(rehearsed):
    (call,) = rehearsed("import sys\n" + handler("sys.exit(3)")).calls
    assert call.error == "SystemExit: 3"


def test_a_file_that_python_cannot_read_says_where(rehearsed):
    rehearsal = rehearsed("def handler(event, context)\n    return 1\n")
    assert (rehearsal.problem, rehearsal.line) == ("syntax", 1)
    assert "expected ':'" in rehearsal.words


@pytest.mark.parametrize(
    ("code", "name", "line"),
    [
        ("def handler(event, context):\nreturn 1\n", "IndentationError", 2),
        (handler("a = 1", "  return a"), "IndentationError", 3),
        ("def handler(event, context):\n    # to do\n", "IndentationError", 2),
        ("def handler(event, context):\n        a = 1\n\treturn a\n", "TabError", 3),
    ],
)
def test_a_line_that_is_indented_wrongly_is_told_from_other_slips(rehearsed, code, name, line):
    rehearsal = rehearsed(code)
    assert (rehearsal.problem, rehearsal.line) == ("indentation", line)
    assert rehearsal.words.startswith(f"{name}: ")


def test_a_file_that_fails_at_import_says_where(rehearsed):
    rehearsal = rehearsed("import os\nimport greetings\n" + handler("return 1"))
    assert (rehearsal.problem, rehearsal.line) == ("import", 2)
    assert "greetings" in rehearsal.words


def test_without_a_handler_the_functions_that_there_are_are_named(rehearsed):
    rehearsal = rehearsed("import json\ndef handle(event, context): pass\nhandlers = 1\n")
    assert (rehearsal.problem, rehearsal.names) == ("handler", ("handle",))


@pytest.mark.parametrize("inputs", ["event", "", "event, context, more"])
def test_a_handler_that_cannot_take_two_inputs_is_told(rehearsed, inputs):
    rehearsal = rehearsed(handler("return 1", inputs=inputs))
    assert (rehearsal.problem, rehearsal.words) == ("inputs", f"handler({inputs})")


@pytest.mark.parametrize("inputs", ["event, _", "event, context=None", "*args", "e, c, d=1"])
def test_every_handler_that_can_take_two_inputs_is_called(rehearsed, inputs):
    assert rehearsed(handler("return 1", inputs=inputs)).calls[0].result == 1


def test_a_loop_without_end_is_given_up(rehearsed):
    assert rehearsed(handler("while True: pass"), seconds=0.5).problem == "too long"


def test_a_handler_that_waits_is_given_ten_times_as_long_as_one_that_computes(rehearsed):
    waits = "import time\n\n" + handler("time.sleep(event)")
    (call,) = rehearsed(waits, 1.1, seconds=1).calls
    assert not call.error
    assert rehearsed(waits, 60, seconds=0.2).problem == "too long"


def test_a_process_that_is_ended_is_told(rehearsed):
    assert rehearsed("import os\n" + handler("os._exit(0)")).problem == "ended"


def test_what_is_written_past_python_does_not_get_into_the_answer(rehearsed):
    code = "import os\n" + handler("os.write(1, b'noise')", "os.system('echo noise')", "return 1")
    assert rehearsed(code).calls[0].result == 1


def test_the_file_is_read_afresh_each_time_and_nothing_is_left_beside_it(rehearsed, tmp_path):
    assert rehearsed(handler("return 1")).calls[0].result == 1
    assert rehearsed(handler("return 2")).calls[0].result == 2
    assert os.listdir(tmp_path) == ["greeter.py"]


def test_what_a_handler_changes_stays_in_its_own_process(rehearsed):
    rehearsed("import os\n" + handler("os.environ['LEFT_BEHIND'] = '1'"))
    assert "LEFT_BEHIND" not in os.environ


def test_a_folder_with_a_space_is_no_obstacle(tmp_path):
    folder = tmp_path / "my lab"
    folder.mkdir()
    (folder / "greeter.py").write_text(handler("return __name__"))
    assert rehearse(folder / "greeter.py", [{}]).calls[0].result == "greeter"
