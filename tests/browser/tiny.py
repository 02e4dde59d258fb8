"""A notebook to try the browser on."""

from tests.sheets.tiny import code, notebook, prose

BUTTON = """\
from IPython.display import display
from ipywidgets import HTML, Button

told = HTML("not pressed")
button = Button(description="Press")
button.on_click(lambda _: setattr(told, "value", "pressed"))
display(button, told)"""

TINY = notebook(
    prose("# Tiny\n\n```mermaid\nflowchart LR\n  a --> b\n```"),
    code("print('six is', 2 * 3)"),
    code("1 / 0", None, "raises-exception"),
    code(BUTTON),
    code("print('the end')"),
)
TINY["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
TINY["nbformat_minor"] = 4  # in which cells need no id
