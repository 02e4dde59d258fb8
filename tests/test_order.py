"""The longest tests come first: the root's conftest.py at work."""

from pathlib import Path

from tests.test_isolation import run_tests

PROOFS, BROWSER, SLOW = "tests/notebooks/test_proofs.py", "tests/browser/test_b.py", "test_z.py"


def order(folder: Path, *options: str) -> list[str]:
    """The files in the order in which they were run."""
    source = "def test_it():\n    pass\n"
    said = run_tests(folder, source, "-v", *options, cache=True).stdout
    return [line.split("::")[0] for line in said.splitlines() if "%]" in line and "::" in line]


def test_the_longest_come_first_by_their_kind_and_then_by_what_they_took(tmp_path: Path) -> None:
    for file, seconds in {PROOFS: 0, BROWSER: 0, SLOW: 0.2}.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(f"def test_it():\n    __import__('time').sleep({seconds})\n")
    assert order(tmp_path, "-n0") == [PROOFS, BROWSER, "test_it.py", SLOW]
    assert order(tmp_path, "-n0", PROOFS) == [PROOFS]  # the others' record stays
    assert order(tmp_path, "-n0")[0] == SLOW


def test_workers_share_one_record_and_their_times_are_in_it(tmp_path: Path) -> None:
    (tmp_path / SLOW).write_text("def test_it():\n    __import__('time').sleep(0.2)\n")
    run_tests(tmp_path, "def test_it():\n    pass\n", "-n1", "--dist=loadfile", cache=True)
    assert order(tmp_path, "-n0") == [SLOW, "test_it.py"]
