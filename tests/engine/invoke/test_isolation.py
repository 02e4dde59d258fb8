"""A function has access to what it has on AWS, and to nothing else of the machine."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.invoke import landlock, protected
from tests.engine.support import Aws


def walled_since(version: int) -> pytest.MarkDecorator:
    """Skip a test that needs this version of Landlock's interface."""
    reason = f"this kernel's Landlock (version {landlock.version()}) has no such wall"
    return pytest.mark.skipif(landlock.version() < version, reason=reason)


walled = walled_since(1)

TRY = """
import importlib

def handler(names, context):
    found = []
    for name in names:
        try:
            importlib.import_module(name)
            found.append(name)
        except ImportError:
            pass
    return found
"""
READ = """
import os

def handler(paths, context):
    readable = []
    for path in paths:
        try:
            os.listdir(path) if os.path.isdir(path) else open(path).close()
            readable.append(path)
        except OSError:
            pass
    return readable
"""
WRITE = """
import os, tempfile

def handler(paths, context):
    written = []
    for path in paths:
        try:
            with tempfile.NamedTemporaryFile(dir=path) as file:
                file.write(b"x")
            written.append(path)
        except OSError:
            pass
    return written
"""
# Runs the lines in its event, and returns "done" or the error of each.
RUN = """
import errno, fcntl, os, signal, socket, stat, subprocess, tempfile
tmp = tempfile.gettempdir()

def handler(lines, context):
    return [attempt(line) for line in lines]

def attempt(line):
    try:
        exec(line, globals())
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"
"""


def test_the_runtime_s_packages_can_be_imported_and_the_course_s_cannot(aws: Aws) -> None:
    aws.deploy(TRY, Timeout=10)
    there = ["boto3", "botocore", "json", "urllib3", "dateutil", "awslambdaric"]
    not_there = ["helpers", "localstack", "moto", "jupyterlab", "IPython", "requests", "pytest"]
    not_there += ["matplotlib", "numpy", "psutil", "yaml", "cryptography"]
    assert aws.invoke(event=there + not_there).result == there


def test_a_packaged_module_takes_precedence_over_the_runtime_s(aws: Aws) -> None:
    main = "import urllib3\ndef handler(event, context): return urllib3.OWN"
    aws.deploy({"main.py": main, "urllib3/__init__.py": "OWN = 'packaged'"})
    assert aws.invoke().result == "packaged"


def test_a_packaged_file_is_beside_the_handler(aws: Aws) -> None:
    main = (
        "import os\nfrom pathlib import Path\n"
        "def handler(event, context):\n"
        "    places = [Path(__file__).parent, os.environ['LAMBDA_TASK_ROOT'], '.']\n"
        "    return [Path(place, 'prices.json').read_text() for place in places]"
    )
    aws.deploy({"main.py": main, "prices.json": "{}"})
    assert aws.invoke().result == ["{}", "{}", "{}"]


def test_the_path_contains_only_the_package_the_runtime_and_the_library(
    aws: Aws,
) -> None:
    aws.deploy(
        "import os, sys\ndef handler(event, context):\n"
        "    known = ('LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR')\n"
        "    return [os.environ[name] for name in known], sys.path"
    )
    known, (task, runtime, *library) = aws.invoke().result
    assert [task, runtime] == known
    assert library
    assert all(Path(place).is_relative_to(sys.base_prefix) for place in library)
    assert not any("site-packages" in place for place in library)


def test_the_environment_is_the_function_s_own(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.deploy(
        "import os\ndef handler(event, context): return dict(os.environ)",
        Environment={"Variables": {"COLOUR": "red"}},
    )
    environ: dict[str, str] = aws.invoke().result
    unexpected = {
        name
        for name in environ
        if not name.startswith(("AWS_", "LAMBDA_", "_"))
        and name not in {"COLOUR", "HOME", "LANG", "LC_CTYPE", "PATH", "TMPDIR", "TZ"}
    }
    assert unexpected == set()
    assert not any("localstack" in name.lower() for name in environ)
    here = {os.environ.get("HOME"), os.environ.get("VIRTUAL_ENV")} - {None}
    assert not here & set(environ.values())


def test_credentials_are_the_function_s_own(aws: Aws, account: str) -> None:
    aws.deploy(
        "import os\ndef handler(event, context):\n"
        "    return {name: os.environ.get(name) for name in event}"
    )
    asked = ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]
    found: dict[str, Any] = aws.invoke(event=asked).result
    assert found.pop("AWS_ACCESS_KEY_ID").startswith(("ASIA", "LSIA"))  # temporary, of the role
    assert set(found.values()) == {None}


@walled
def test_a_function_cannot_read_the_learner_s_files(aws: Aws, lab_home: Path) -> None:
    aws.deploy(READ)
    project = Path(__file__).parents[3]
    of_the_engine = [lab_home / name for name in ("secret", "engine.json", "engine.log")]
    assert all(file.exists() for file in of_the_engine)
    places = [Path.home(), project, project / "pyproject.toml", Path("/root")]
    places += [lab_home, *of_the_engine]
    assert aws.invoke(event=[str(place) for place in places]).result == []


@walled
def test_a_function_cannot_read_the_environment_of_the_learner_s_processes(aws: Aws) -> None:
    aws.deploy(READ)
    mine = f"/proc/{os.getpid()}/environ"
    assert aws.invoke(event=["/proc/self/environ", mine]).result == ["/proc/self/environ"]


@walled
def test_a_function_cannot_read_another_function_s_files(aws: Aws) -> None:
    where = "import os\ndef handler(event, context): return [os.getcwd(), os.environ['HOME']]"
    aws.deploy(where, "other")
    aws.deploy(READ)
    code, home = aws.invoke("other").result
    assert aws.invoke(event=[code, f"{code}/main.py", home, str(Path(code).parent)]).result == []


@walled
def test_a_function_can_write_only_to_its_temporary_folder(aws: Aws) -> None:
    aws.deploy(WRITE)
    own = "import tempfile\ndef handler(event, context): return tempfile.gettempdir()"
    aws.deploy(own, "own")
    places = [".", "/etc", "/usr", "/var", str(Path.home()), str(Path(__file__).parent)]
    places += [sys.prefix, sys.base_prefix]
    assert aws.invoke(event=places).result == []
    shared = [str(folder) for folder in protected.shared_folders()]  # none in a clone below /tmp
    assert aws.invoke(event=["/tmp"]).result == shared
    assert aws.invoke("own").result not in ("/tmp", "/var/tmp")


@walled
def test_a_function_has_only_harmless_devices(aws: Aws) -> None:
    aws.deploy(READ)
    harmless = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"]
    others = [f"/dev/{name}" for name in ("pts", "ptmx", "shm", "kmsg", "mem")]
    disks = [str(path) for path in Path("/dev").iterdir() if path.is_block_device()]
    assert aws.invoke(event=harmless + others + disks).result == harmless


@walled
def test_a_function_can_write_to_its_own_output_and_dev_null(aws: Aws) -> None:
    aws.deploy(RUN)
    lines = [f"open('/dev/{name}', 'w').write('to {name}')" for name in ("null", "stdout")]
    lines += ["open('/dev/shm/of-a-function', 'w')"]
    reply = aws.invoke(event=lines)
    assert reply.result == ["done", "done", "EACCES"]
    assert "to stdout" in reply.log
    assert "to null" not in reply.log


@walled
def test_a_function_cannot_create_a_device(aws: Aws) -> None:
    """The functions of root could, and then read all disks."""
    aws.deploy(RUN)
    lines = [
        f"os.mknod(tmp + '/device', stat.{kind} | 0o600, os.makedev(1, 3))"
        for kind in ("S_IFCHR", "S_IFBLK")
    ]
    answers = aws.invoke(event=lines).result
    assert set(answers) <= {"EACCES", "EPERM"}


@walled_since(2)
def test_a_function_can_move_files_only_between_its_own_folders(aws: Aws) -> None:
    aws.deploy(RUN)
    lines = [
        "os.makedirs(tmp + '/a'); os.makedirs(tmp + '/b'); open(tmp + '/a/file', 'w').close()",
        "os.rename(tmp + '/a/file', tmp + '/b/file')",
        "os.link('main.py', tmp + '/b/main.py')",  # to write there what it may only read
    ]
    first, second, third = aws.invoke(event=lines).result
    assert (first, second) == ("done", "done")
    assert third in ("EXDEV", "EACCES")


@walled_since(3)
def test_a_function_cannot_truncate_the_learner_s_files(aws: Aws) -> None:
    aws.deploy(RUN)
    with left_by_the_learner() as file:
        lines = [f"os.truncate({str(file)!r}, 0)", "os.truncate('main.py', 0)"]
        lines += ["open(tmp + '/own', 'w').write('x'); os.truncate(tmp + '/own', 0)"]
        assert aws.invoke(event=lines).result == ["EACCES", "EACCES", "done"]
        assert file.read_text() == "the learner's"


@contextmanager
def left_by_the_learner() -> Iterator[Path]:
    """A file in a folder that functions can't read."""
    file = Path(os.environ["LAB_HOME"], "of-the-learner")
    file.write_text("the learner's")
    try:
        yield file
    finally:
        file.unlink()


@walled_since(5)
def test_a_function_cannot_control_a_device(aws: Aws) -> None:
    aws.deploy(RUN)
    bits_of_entropy = "fcntl.ioctl(open('/dev/urandom'), 0x80045200, bytes(4))"
    assert aws.invoke(event=[bits_of_entropy]).result == ["EACCES"]


@walled_since(6)
def test_a_function_can_signal_only_its_own_processes(aws: Aws) -> None:
    aws.deploy(RUN)
    with subprocess.Popen(["sleep", "60"]) as other:
        lines = [
            f"os.kill({other.pid}, signal.SIGKILL)",
            f"os.kill({os.getpid()}, 0)",
            "os.kill(os.getppid(), 0)",  # the engine
            "os.kill(os.getpid(), 0)",
            "own = subprocess.Popen(['sleep', '60']); own.kill(); own.wait()",
        ]
        answers = aws.invoke(event=lines).result
        is_alive = other.poll() is None
        other.kill()
    assert answers == ["EPERM", "EPERM", "EPERM", "done", "done"]
    assert is_alive


@walled_since(6)
def test_a_function_can_reach_only_its_own_abstract_sockets(aws: Aws, account: str) -> None:
    aws.deploy(RUN)
    name = f"\0of-the-learner-{account}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(name)
        listener.listen()
        lines = [f"socket.socket(socket.AF_UNIX).connect({name!r})", own_socket(f"{name}-not")]
        assert aws.invoke(event=lines).result == ["EPERM", "done"]


@walled_since(9)
def test_a_function_can_reach_only_its_own_socket_files(aws: Aws) -> None:
    aws.deploy(RUN)
    path = Path(os.environ["LAB_HOME"], "socket")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        lines = [f"socket.socket(socket.AF_UNIX).connect({str(path)!r})"]
        lines += ["os.chdir(tmp)", own_socket("own")]
        assert aws.invoke(event=lines).result == ["EACCES", "done", "done"]


def own_socket(name: str) -> str:
    """Return the code with which a function listens there, and connects to itself."""
    made = "socket.socket(socket.AF_UNIX)"
    return (
        f"own = {made}; own.bind({name!r}); own.listen(); caller = {made}; caller.connect({name!r})"
    )


@pytest.mark.xfail(strict=True, reason="/tmp by its name is the machine's: one for all functions")
def test_functions_do_not_share_temporary_files(aws: Aws, account: str) -> None:
    path = f"/tmp/left-by-{account}"
    aws.deploy(f"def handler(event, context): open({path!r}, 'w').close()", "one")
    aws.deploy(READ, "two")
    aws.invoke("one")
    try:
        assert aws.invoke("two", [path]).result == []
    finally:
        Path(path).unlink()


def test_a_temporary_folder_is_kept_while_the_function_is_warm(aws: Aws) -> None:
    aws.deploy(
        "import os, tempfile\ndef handler(event, context):\n"
        "    open(os.path.join(tempfile.gettempdir(), str(event)), 'w').close()\n"
        "    return sorted(os.listdir(tempfile.gettempdir()))"
    )
    assert aws.invoke(event=1).result == ["1"]
    assert aws.invoke(event=2).result == ["1", "2"]
    aws.lambda_.update_function_configuration(FunctionName="function", Description="cold")
    assert aws.invoke(event=3).result == ["3"]


def test_accounts_are_isolated(aws: Aws, client: Any) -> None:
    aws.deploy()
    aws.s3.create_bucket(Bucket=f"bucket-{aws.account}")
    stranger = Aws(lambda service, **more: client(service, "111111111111", **more), "111111111111")
    assert stranger.lambda_.list_functions()["Functions"] == []
    assert stranger.s3.list_buckets()["Buckets"] == []
    assert json.dumps(stranger.logs()) == "[]"


def test_a_managed_policy_exists_in_every_account_and_is_counted_in_each(
    aws: Aws, client: Any
) -> None:
    stranger = client("iam", "111111111111")
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    aws.iam.create_role(RoleName="role", AssumeRolePolicyDocument=document)
    aws.iam.attach_role_policy(RoleName="role", PolicyArn=arn)
    assert aws.iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    assert stranger.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 0
