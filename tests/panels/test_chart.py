import re

from helpers.panels.chart import Line, bars, lines


def test_lines_reach_from_the_lower_left_to_the_upper_right():
    drawing = lines([0, 5, 10], [Line("sent", [0, 50, 100])], "clicks")
    (points,) = re.findall(r'points="([^"]+)"', drawing)
    assert points == "48.0,154.0 259.0,82.0 470.0,10.0"
    assert 'aria-label="sent: 100"' in drawing


def test_names_of_lines_that_end_together_do_not_cover_each_other():
    drawing = lines([0, 1], [Line("sent", [0, 9]), Line("counted", [0, 9])], "clicks")
    heights = re.findall(r'y="(\d+)"[^>]*>(?:sent|counted)<', drawing)
    assert abs(int(heights[0]) - int(heights[1])) >= 16


def test_two_lines_differ_by_more_than_their_colour():
    drawing = lines([0, 1], [Line("sent", [0, 9]), Line("counted", [0, 3])], "clicks")
    assert drawing.count("stroke-dasharray") == 1


def test_a_chart_without_data_can_be_drawn():
    assert "<svg" in lines([], [Line("sent", [])], "clicks")
    assert "<rect" not in bars({})


def test_bars_show_the_largest_first_and_no_more_than_asked_for():
    drawing = bars({"a": 1, "b": 30, "c & d": 2}, most=2)
    assert re.findall(r">(b|a|c &amp; d)<", drawing) == ["b", "c &amp; d"]
    assert 'aria-label="b: 30; c &amp; d: 2"' in drawing
