"""A sheet as a page: complete, and without requests to the network."""

import base64
import re
from pathlib import Path

import pytest

from helpers.sheets import page, write_page
from helpers.sheets.notebook import tidy
from tests.sheets import tiny

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>clouds</title></svg>'
FETCHED = re.compile(r"""<(?:script|img|link|iframe)[^>]*(?:src|href)=["'](?!data:|#)[^"']*""")


def test_a_page_has_prose_code_outputs_and_images_in_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "labs" / "images").mkdir(parents=True)
    (tmp_path / "labs" / "images" / "clouds.svg").write_text(SVG)
    plot = tiny.code("plot()") | {"execution_count": 1}
    plot["outputs"] = [{"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}}]
    picture = tiny.prose("Many ![clouds](../labs/images/clouds.svg)")
    html = page(tidy(tiny.notebook(picture, plot)), "Sums", tmp_path)
    assert "<title>Sums</title>" in html
    assert "plot" in html
    assert PNG in html
    assert "A picture of the figures in the text beside it" in html
    assert caplog.messages == []
    assert "data:image/svg+xml;base64," + base64.b64encode(SVG.encode()).decode() in html


def test_a_page_loads_nothing_from_the_network(tmp_path: Path) -> None:
    formula = tiny.prose("$x^2$\n\n```mermaid\ngraph LR\n```")
    html = page(tidy(tiny.notebook(formula, *tiny.worked()["cells"])), "Sums", tmp_path)
    assert FETCHED.findall(html) == []
    assert "cdnjs" not in html
    assert "unpkg" not in html


def test_a_page_is_written_into_the_folder_under_the_notebooks_name(tmp_path: Path) -> None:
    project = tiny.project(tmp_path, n01_more_sums=tiny.worked())
    path = write_page("1", tidy(tiny.worked()), tmp_path, project=project)
    assert path == tmp_path / "01_more_sums.html"
    assert "Adding up." in path.read_text("utf-8")
