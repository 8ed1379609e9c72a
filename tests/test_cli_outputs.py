"""Where documents go, and that they arrive whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recoverable.cli.options import UsageError
from recoverable.cli.outputs import Output, planned, write


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), [("text", "-")]),
        (("a.txt",), [("text", "a.txt")]),
        (("sarif=a.sarif",), [("text", "-"), ("sarif", "a.sarif")]),
        (("sarif=a.sarif", "json=b.json"), [("text", "-"), ("sarif", "a.sarif"), ("json", "b.json")]),
        (("a.txt", "json=b.json"), [("text", "a.txt"), ("json", "b.json")]),
        (("sarif=-",), [("sarif", "-")]),
        (("-",), [("text", "-")]),
        (("./json=a",), [("text", "./json=a")]),
    ],
)
def test_a_bare_path_redirects_the_main_document_and_a_format_adds_one(
    given: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert planned(given, "text") == tuple(Output(*output) for output in expected)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("a", "b"), "-o a and -o b both take the main document; for one more document name its format: -o json=b"),
        (("json=a", "./a"), "-o: a would be written twice, as text and as json"),
        (("json=a", "sarif=a"), "-o: a would be written twice, as json and as sarif"),
        (("sraif=a",), '-o sraif=a: unknown format "sraif": did you mean sarif? there are text,'),
        (("json=",), "-o json= names no file: -o json=PATH"),
        (("missing/a",), "-o missing/a: there is no folder missing; make it first"),
        ((".",), "-o . is a folder; name a file in it"),
    ],
)
def test_a_place_that_cannot_be_written_is_an_error_before_the_work(given: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError) as error:
        planned(given, "text")

    assert str(error.value).startswith(message)


def test_a_document_is_written_byte_for_byte(tmp_path: Path) -> None:
    write("a.txt", "é\nb\r\n")

    assert (tmp_path / "a.txt").read_bytes() == b"\xc3\xa9\nb\r\n"


def test_a_document_replaces_the_old_one_in_one_step(tmp_path: Path) -> None:
    old = tmp_path / "a.txt"
    old.write_text("old")
    with old.open() as reader:
        write("a.txt", "new")

        assert reader.read() == "old"
    assert old.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_failed_write_leaves_the_old_document_and_no_scraps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write("a.txt", "new")

    assert (tmp_path / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "a.txt").symlink_to("real/a.txt")
    write("a.txt", "new")

    assert (tmp_path / "a.txt").is_symlink()
    assert (tmp_path / "real" / "a.txt").read_text() == "new"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write(os.devnull, "new")

    assert Path(os.devnull).is_char_device()
