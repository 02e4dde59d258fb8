import re

import pytest

from helpers.display import Card, Shown, Table, Tone, counted, milliseconds, prose

FULL = Card(
    Tone.WRONG,
    "package: incorrect",
    ["Use `zip -r`, not <tar>.", ""],
    block="KeyError: '<Records>'\n  line 2",
    foot="Stuck?",
    table=Table(("", "exercise"), [("✓", "Package it"), ("○", "Go")]),
)


def test_plain_text_has_every_part_in_order():
    assert FULL.plain() == (
        "✗ package: incorrect\n"
        "  Use `zip -r`, not <tar>.\n"
        "  | KeyError: '<Records>'\n"
        "  |   line 2\n"
        "     exercise\n"
        "  ✓  Package it\n"
        "  ○  Go\n"
        "  Stuck?"
    )


def test_html_has_the_same_text_as_plain_text():
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text)

    text = re.sub("<[^>]*>", " ", FULL.html()).replace("&lt;", "<").replace("&gt;", ">")
    assert words(text.replace("&#x27;", "'")) == words(FULL.plain())


def test_what_a_learner_wrote_cannot_become_markup():
    html = FULL.html()
    assert "<tar>" not in html
    assert "<Records>" not in html
    assert "<code>zip -r</code>" in html


def test_colours_come_from_the_theme_and_no_background_is_fixed():
    styles = "; ".join(re.findall('style="([^"]*)"', FULL.html()))
    for _, value in re.findall(r"(color|background|border-left)\s*:\s*([^;]+)", styles):
        assert "var(--jp-" in value or value.strip() == "inherit"


def test_each_tone_has_its_own_mark():
    assert len({tone.mark for tone in Tone}) == len(Tone)


def test_empty_parts_are_left_out():
    assert Card(Tone.GOOD, "Done").plain() == "✓ Done"
    assert Card(Tone.GOOD, "Done").html().count("<div") == 2


def test_a_table_without_a_head_has_only_its_rows():
    assert Table(("", ""), [("a", "b")]).plain() == "a  b"


def test_a_result_displays_its_card_as_text_and_html():
    class Result(Shown):
        def _card(self) -> Card:
            return Card(Tone.PLAIN, "an answer")

    assert repr(Result()) == "· an answer"
    assert "an answer" in Result()._repr_html_()


@pytest.mark.parametrize(
    ("text", "html"), [("a\nb", "a<br>b"), ("`a", "`a"), ("a & b", "a &amp; b")]
)
def test_prose_keeps_lines_and_escapes_the_rest(text, html):
    assert prose(text) == html


def test_times_have_the_format_that_the_sheets_tests_rely_on():
    assert milliseconds(12) == "12.0 ms"
    assert milliseconds(0.04) == "0.0 ms"


def test_counted_uses_the_singular_or_the_plural():
    assert counted(0, "file") == "0 files"
    assert counted(1, "entry", "entries") == "1 entry"
    assert counted(2, "entry", "entries") == "2 entries"
