import pytest

from helpers.cloud.model import Cloud
from helpers.errors import NotSupportedHere
from helpers.functions.deploy import deploy, spec_from
from helpers.functions.invoke import invoke
from helpers.session.account import account_of, empty_account
from helpers.session.workspace import empty_folder, find_path, is_worked
from tests.fakes import no_cloud


def test_an_account_has_twelve_digits_that_never_change():
    assert account_of("first-function") == "264575267530"
    assert account_of("welcome").isdecimal()
    assert len(account_of("welcome")) == 12


def test_labs_and_their_worked_sheets_do_not_share_accounts():
    accounts = {account_of(lab, worked) for lab in ("welcome", "first") for worked in (True, False)}
    assert len(accounts) == 4


def test_a_worked_sheet_is_known_by_its_folder(tmp_path):
    assert is_worked(tmp_path / "solutions")
    assert not is_worked(tmp_path / "labs")


def test_a_work_folder_is_created_and_emptied_again(tmp_path):
    folder = tmp_path / "first_function"
    empty_folder(folder)
    (folder / "code").mkdir()
    (folder / "code" / "greeter.py").write_text("")
    (folder / "outside").symlink_to(tmp_path)
    empty_folder(folder)
    assert [path.name for path in folder.iterdir()] == [".lab"]
    assert tmp_path.exists()


def test_a_folder_that_no_lab_has_made_is_not_touched(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(NotSupportedHere, match="Nothing was touched"):
        empty_folder(tmp_path)
    assert (tmp_path / "thesis.tex").exists()


def test_a_file_in_place_of_the_folder_is_not_touched(tmp_path):
    (tmp_path / "file").write_text("notes")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    for name in ("file", "nowhere"):
        with pytest.raises(NotSupportedHere, match="something else has that name"):
            empty_folder(tmp_path / name)
    assert (tmp_path / "file").read_text() == "notes"


def test_an_empty_folder_may_be_used(tmp_path):
    empty_folder(tmp_path)
    assert (tmp_path / ".lab").exists()


def test_everything_in_the_account_is_deleted_and_other_accounts_are_left_alone(
    cloud, client, account
):
    other = "111111111111"
    for owner in (account, other):
        client("sqs", account=owner).create_queue(QueueName="orders")
    empty_account(client, cloud)
    assert "QueueUrls" not in client("sqs").list_queues()
    assert len(client("sqs", account=other).list_queues()["QueueUrls"]) == 1


def test_the_logs_of_functions_are_deleted_too(cloud, client, tmp_path):
    (tmp_path / "greeter.py").write_text("def handler(event, context): pass\n")
    deploy(client, spec_from(tmp_path / "greeter.py"))
    invoke(client, "greeter")
    empty_account(client, cloud)
    assert client("logs").describe_log_groups()["logGroups"] == []


def test_a_real_account_is_never_emptied():
    with pytest.raises(NotSupportedHere, match="real AWS account"):
        empty_account(no_cloud, Cloud("aws", "", ""))


def test_a_plain_file_name_is_looked_up_here_and_then_in_the_work_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "first_function"
    folder.mkdir()
    assert str(find_path("greeter.py", folder)) == "first_function/greeter.py"
    (tmp_path / "greeter.py").write_text("")
    assert str(find_path("greeter.py", folder)) == "greeter.py"
    assert str(find_path("other/greeter.py", folder)) == "other/greeter.py"
