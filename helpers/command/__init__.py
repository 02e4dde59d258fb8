"""The `lab` command: what it is asked, what it looks at, and how JupyterLab is opened."""
