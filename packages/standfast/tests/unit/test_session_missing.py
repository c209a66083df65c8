"""What an open session lacks is said in every form."""

from pathlib import Path

from little_sessions import Office


def test_every_form_says_what_is_missing(tmp_path: Path) -> None:
    """Text and Markdown end with what an open session lacks for its next phase, as the page does."""
    office = Office(tmp_path)
    office.session("open", "Pay by card", "--issue", "34")
    lacking = office.shown()["lacking"]

    text, markdown = (office.session("show", "--format", name).out for name in ("text", "markdown"))
    office.session("close", "--result", "abandoned", "--lesson", "Ask first")
    closed = office.session("show", office.shown()["session"]).out

    assert lacking
    assert text.endswith("What is missing for development\n" + "".join(f"  {one}\n" for one in lacking))
    assert "\n## What is missing for development\n\n- " in markdown
    assert "What is missing" not in closed


def test_one_is_no_plural(tmp_path: Path) -> None:
    """The timeline speaks of one word and of two words."""
    office = Office(tmp_path)
    office.session("open", "Pay by card", "--issue", "34")
    office.session("decide", "architecture", "Cards")
    office.session("decide", "architecture", "Cards only")

    told = office.session("show").out

    assert "about architecture, 1 word\n" in told
    assert "about architecture, 2 words\n" in told
