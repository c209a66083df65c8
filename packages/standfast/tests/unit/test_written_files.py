"""Settings and waivers are read whole and strictly, and nothing that is put in their place holds the command up."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from standfast.app.written.settings import parse_settings, read_settings
from standfast.app.written.waivers import parse_waivers, read_waivers
from standfast.model import ConfigurationError

PROJECT = b'[project]\nname = "shop"\n'
DIGITS = b"9" * 5000

SETTINGS = {
    "a number of 5,000 digits": (PROJECT + b"[waivers]\ncap_days = " + DIGITS, "is not TOML"),
    "nesting": (b"a = " + b"[" * 20_000, "nests too deep"),
    "not UTF-8": (b"\xff\xfe", "is not UTF-8"),
    "a cap of no days": (PROJECT + b"[waivers]\ncap_days = 0\n", "cap_days"),
    "a cap of centuries": (PROJECT + b"[waivers]\ncap_days = 99999\n", "cap_days"),
    "a freeze that ends before it starts": (
        PROJECT + b'[[freeze]]\nstarts = 2026-12-20\nends = 2026-01-02\nreason = "year-end close"\n',
        "before it starts",
    ),
}
WAIVERS = {
    "a number of 5,000 digits": (b"a = " + DIGITS, "cannot be taken"),
    "nesting": (b"a = " + b"[" * 20_000, "cannot be taken"),
    "a time before all times": (b"a = 0001-01-01T00:00:00+14:00", "cannot be taken"),
}
STRANGE: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a folder": Path.mkdir,
}


@pytest.mark.parametrize(("raw", "said"), SETTINGS.values(), ids=SETTINGS)
def test_settings_that_cannot_be_taken_are_refused(raw: bytes, said: str) -> None:
    """Each has the error of a wrong file, exit code 2, and says what is wrong."""
    with pytest.raises(ConfigurationError, match=said) as caught:
        parse_settings(raw)

    assert caught.value.exit_code == 2


@pytest.mark.parametrize(("raw", "said"), WAIVERS.values(), ids=WAIVERS)
def test_waivers_that_cannot_be_taken_are_refused(raw: bytes, said: str) -> None:
    """Waivers that cannot be read are not the same as none."""
    with pytest.raises(ConfigurationError, match=said):
        parse_waivers(raw)


@pytest.mark.parametrize("put", STRANGE.values(), ids=STRANGE)
def test_what_is_no_file_is_refused_at_once(put: Callable[[Path], object], tmp_path: Path) -> None:
    """A pipe that nobody writes to, or a device without end, is not waited for."""
    path = tmp_path / "file"
    put(path)

    for read in (read_settings, read_waivers):
        with pytest.raises(ConfigurationError, match=r"is not a file|cannot be read"):
            read(path)


@pytest.mark.parametrize("read", [read_settings, read_waivers])
def test_file_over_its_bound_is_refused(read: Callable[[Path], object], tmp_path: Path) -> None:
    """A file of gigabytes is not read to its end."""
    path = tmp_path / "file"
    with path.open("wb") as stream:
        stream.truncate(20_000_000_000)

    with pytest.raises(ConfigurationError, match="has more than"):
        read(path)
