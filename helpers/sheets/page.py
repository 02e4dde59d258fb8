"""A sheet as one HTML page that needs no network: it includes its images and loads no scripts."""

from __future__ import annotations

from pathlib import Path

from helpers.course.project import Project, find_project
from helpers.sheets.notebook import Notebook

# nbconvert's own page, without the scripts that it would load from other servers, and with a text
# for images: labs print the figures of a plot beside it.
TEMPLATE = """\
{% extends 'lab/index.html.j2' %}
{% block html_head_js %}{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block jupyter_widgets %}{% endblock %}
{% block data_png scoped %}
{{ super() | replace("<img", "<img alt='A picture of the figures in the text beside it'") }}
{% endblock %}
"""


def page(notebook: Notebook, title: str, root: Path) -> str:
    """Return the notebook as HTML, including its images ../labs/images/… from that project."""
    import nbformat  # these take two seconds to import, which `import helpers` must not
    from jinja2 import DictLoader
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        extra_loaders=[DictLoader({"page.html.j2": TEMPLATE})],
        template_file="page.html.j2",
        embed_images=True,
    )
    resources = {"metadata": {"name": title, "path": str(root)}}
    node = nbformat.from_dict(_relative_to_root(notebook))  # type: ignore[no-untyped-call]
    html, _ = exporter.from_notebook_node(node, resources=resources)
    return str(html)


def write_page(
    name: str,
    notebook: Notebook,
    folder: Path,
    *,
    project: Project | None = None,
) -> Path:
    """Write that lab's notebook into `folder` as a page named after the notebook."""
    project = project or find_project()
    sheet = project.sheet(name)
    path = folder / Path(sheet.file).with_suffix(".html").name
    path.write_text(page(notebook, sheet.title, project.root), "utf-8")
    return path


def _relative_to_root(notebook: Notebook) -> Notebook:
    """Return the notebook with paths that nbconvert embeds: those inside the folder it is given."""
    cells = [
        dict(cell, source=cell["source"].replace("../labs/", "labs/"))
        if cell["cell_type"] == "markdown"
        else cell
        for cell in notebook["cells"]
    ]
    return dict(notebook, cells=cells)
