"""In a notebook, a check after a refused call names that call."""

import json
from pathlib import Path

import pytest
from nbclient.exceptions import CellExecutionError

from helpers.sheets.run import kernel, run_source
from tests.notebooks.proofs import ASK

OPEN = 'import boto3\nfrom helpers import Lab\n\nlab = Lab("first-function")'
REFUSED = 'boto3.client("lambda").create_function("greeter")'


def test_the_check_names_the_refused_call_until_it_is_made_good(tmp_path: Path) -> None:
    with kernel(tmp_path, 60) as client:

        def verdict() -> tuple[str, str]:
            told = "".join(out["text"] for out in run_source(client, ask)["outputs"])
            found = json.loads(told.splitlines()[-1])
            return found["outcome"], found["diagnosis"]

        ask = ASK.format(exercise="create")
        run_source(client, OPEN)
        assert verdict() == ("NOT_ATTEMPTED", "")
        with pytest.raises(CellExecutionError):
            run_source(client, REFUSED)
        assert verdict() == ("INCORRECT", "refused.create-function")
        assert verdict() == ("INCORRECT", "refused.create-function")
        run_source(client, f"if False:\n    {REFUSED}")
        assert verdict() == ("NOT_ATTEMPTED", "")
        with pytest.raises(CellExecutionError):
            run_source(client, REFUSED)
        run_source(client, "lab.reset()")
        assert verdict() == ("NOT_ATTEMPTED", "")


def test_a_call_that_the_sheet_itself_has_refused_is_nobodys_attempt(tmp_path: Path) -> None:
    watched = (
        "lab._refused.of('create') == [], "
        "get_ipython().events.callbacks['post_run_cell'][-1]._is_given('lab.check(\"create\")')"
    )
    with kernel(tmp_path, 60) as client:
        run_source(client, OPEN)
        run_source(client, OPEN)  # a second watch takes the first one's place
        outputs = run_source(client, watched)["outputs"]
        assert outputs[0]["data"]["text/plain"] == "(True, True)"
        count = (
            "sum(type(each).__name__ == 'CellWatch' "
            "for each in get_ipython().events.callbacks['post_run_cell'])"
        )
        assert run_source(client, count)["outputs"][0]["data"]["text/plain"] == "1"
