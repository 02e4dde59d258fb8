"""JupyterLab's settings for the course. They take precedence over the learner's own."""

import os

c = get_config()  # type: ignore[name-defined]  # noqa: F821

# Whoever can use this server can run programs: so only this machine, and only with the token.
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = 8888  # or the next free one
c.IdentityProvider.token = os.environ["LAB_JUPYTER_TOKEN"]

# No requests for news, for newer versions or for extensions.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"

# No search for language servers, which would run npm.
c.LanguageServerManager.autodetect = False
