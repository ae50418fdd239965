"""How text lies on a terminal."""

from rich.text import Text

from assay.reports.terminal import hanging, plain


def test_a_line_that_begins_with_spaces_keeps_them_where_it_is_wrapped() -> None:
    """The second line of a detail must not look like a new finding."""
    lines = [Text("falls  Nobody deletes logs"), Text("    because nothing denies it to anybody", style="dim")]
    assert plain(hanging(lines), width=24) == (
        "falls  Nobody deletes\nlogs\n    because nothing\n    denies it to anybody\n"
    )


def test_a_text_that_goes_on_in_the_same_line_is_left_alone() -> None:
    """A text without a line end is continued by the next one."""
    assert plain(hanging([Text("  of 2: ", end=""), Text("one")]), width=40) == "  of 2: one\n"
