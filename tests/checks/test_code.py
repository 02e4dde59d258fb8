"""Submitted code: as given, changed and not deployed, or running as it was written."""

import pytest

from helpers.checks.code import submission, submitted
from helpers.checks.diagnosis import Diagnosis
from helpers.checks.given import is_given
from helpers.exercises.verdict import Incorrect, Link, NotAttempted
from tests.checks.desk import Shop, zip_of
from tests.labs.first_function.wrong_answers import GIVEN_RECEIPT

GIVEN = GIVEN_RECEIPT.partition("\n")[2]
OWN = "def handler(event, context):\n    return 1\n"


class Probing(Diagnosis):
    WRONG = Link.RESULT("It is wrong.")


@pytest.fixture
def shop(client, tmp_path):
    return Shop(client, tmp_path)


def test_the_code_of_the_sheet_is_given_whatever_its_layout(shop):
    assert is_given(shop.probe, "receipt.py", f"# mine\n\n{GIVEN}")
    assert not is_given(shop.probe, "receipt.py", OWN)
    assert not is_given(shop.probe, "other.py", GIVEN)


def test_as_long_as_it_is_as_given_nothing_was_attempted(shop):
    shop.create("receipt", GIVEN)
    with pytest.raises(NotAttempted, match=r"`receipt\.py` in the cloud is still as it was given"):
        submitted(shop.probe, "receipt", "receipt.py")


def test_what_runs_is_returned_where_it_is_what_was_written(shop):
    shop.create("receipt", OWN)
    assert submitted(shop.probe, "receipt", "receipt.py") == {"receipt.py": OWN}


def test_a_file_in_the_functions_own_folder_is_the_one_that_counts(shop):
    shop.create("receipt", OWN)
    (shop.folder / "receipt").mkdir()
    (shop.folder / "receipt" / "receipt.py").write_text("x = 1\n")
    with pytest.raises(Incorrect, match=r"first_function/receipt/receipt\.py") as caught:
        submitted(shop.probe, "receipt", "receipt.py")
    assert caught.value.id == "code.not-deployed"


def test_a_file_that_was_not_packaged_is_missed(shop):
    shop.create("receipt", OWN, Code={"ZipFile": zip_of({"src/receipt.py": OWN})})
    with pytest.raises(Incorrect, match=r"it holds `src/receipt\.py`") as caught:
        submitted(shop.probe, "receipt", "receipt.py")
    assert caught.value.id == "code.not-in-package"


def test_what_is_found_is_blamed_on_the_code_only_if_it_is_the_learners(shop):
    def look() -> None:
        with submission(shop.probe, "receipt", "receipt.py"):
            raise Probing.WRONG()

    shop.create("receipt", GIVEN)
    with pytest.raises(NotAttempted):
        look()
    shop.write("receipt.py", OWN)
    with pytest.raises(Incorrect, match="has changed since"):
        look()
    shop.upload("receipt", OWN)
    with pytest.raises(Incorrect, match="It is wrong") as caught:
        look()
    assert caught.value.id == "probing.wrong"
