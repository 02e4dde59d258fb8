"""JupyterLab as the course starts it. Outranks the learner's own settings for JupyterLab."""

import os

c = get_config()  # type: ignore[name-defined]  # noqa: F821

# Whoever reaches this server can run programs: nobody but this machine, nobody without the token.
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = 8888  # the next free one where it is taken
c.IdentityProvider.token = os.environ["LAB_JUPYTER_TOKEN"]

# It asks no one on the network for news or newer versions, and lists no extensions to download.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"

# It does not go and look for language servers (with npm, where that is installed).
c.LanguageServerManager.autodetect = False
