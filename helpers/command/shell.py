"""What a shell, or a program, needs in order to call the learner's cloud as its owner."""

import json
import os
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from helpers.cloud.choose import open_cloud
from helpers.cloud.environment import REGION
from helpers.course.project import Project
from helpers.session.account import account_of

ACCOUNT = re.compile(r"\d{12}")
# Whatever a shell has of these would be used beside what it is given here.
IN_THE_WAY = ("AWS_PROFILE", "AWS_SESSION_TOKEN")


@dataclass(frozen=True)
class Settings:
    """The variables that AWS's tools read."""

    variables: Mapping[str, str]

    def to_shell(self) -> str:
        """Lines for `eval` in bash, zsh and their like."""
        lines = [f"export {name}={shlex.quote(value)}" for name, value in self.variables.items()]
        return "\n".join([f"unset {' '.join(IN_THE_WAY)}", *lines])

    def to_json(self) -> str:
        return json.dumps(dict(self.variables))


def settings_for(
    account: str,
    project: Project,
    say: Callable[[str], None],
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Return the settings for an account, twelve digits, or for that of a lab.

    Starts the cloud if need be. Raises CloudError, and NoSuchLab for what is neither.
    """
    if not ACCOUNT.fullmatch(account):
        account = account_of(project.sheet(account).name)
    cloud = open_cloud(environ, say)
    return Settings(
        {
            "AWS_ENDPOINT_URL": cloud.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": cloud.secret_access_key(account),
        }
    )
