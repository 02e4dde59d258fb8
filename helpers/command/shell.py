"""The settings with which a shell or a program uses the learner's cloud."""

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
# AWS tools would combine these with the settings given here.
CONFLICTING = ("AWS_PROFILE", "AWS_SESSION_TOKEN")


@dataclass(frozen=True)
class Settings:
    """The environment variables that AWS tools read."""

    variables: Mapping[str, str]

    def to_shell(self) -> str:
        """Return commands for `eval` in bash, zsh and similar shells."""
        lines = [f"export {name}={shlex.quote(value)}" for name, value in self.variables.items()]
        return "\n".join([f"unset {' '.join(CONFLICTING)}", *lines])

    def to_json(self) -> str:
        return json.dumps(dict(self.variables))


def settings_for(
    account: str,
    project: Project,
    say: Callable[[str], None],
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Return the settings for an account, by its id of twelve digits or by its lab.

    Starts the cloud if necessary. Raises CloudError, or NoSuchLab if it is neither.
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
