"""Archives that a stranger made are opened within limits, and what is refused is listed."""

import csv
import logging
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from autograder.lms import LmsExtractor

MB = 1024**2


def _entry(name: str, kind: int = 0) -> zipfile.ZipInfo:
    facts = zipfile.ZipInfo(name)
    facts.create_system, facts.external_attr = 3, (kind | 0o777) << 16
    facts.compress_type = zipfile.ZIP_DEFLATED
    return facts


def _zip(path: Path, *files: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


def _extracted(folder: Path, **limits: int) -> tuple[dict[str, bytes], dict[str, str]]:
    """Extract `archive`; return what was written, and what was refused."""
    plugin = LmsExtractor(**limits)
    plugin.log = logging.getLogger("test")
    (folder / "extracted").mkdir()
    plugin.extract(str(folder / "archive"), str(folder / "extracted"))
    written = {
        path.relative_to(folder / "extracted").as_posix(): path.read_bytes()
        for path in (folder / "extracted").rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    assert not [path for path in (folder / "extracted").rglob("*") if path.is_symlink()]
    assert {path.name for path in folder.iterdir()} == {"archive", "extracted", "not-collected.csv"}
    rows = csv.DictReader((folder / "not-collected.csv").read_text(encoding="utf-8").splitlines())
    return written, {row["file"]: row["why"] for row in rows}


@pytest.mark.parametrize(
    "name", ["../x.ipynb", "a/../../x.ipynb", "/etc/x.ipynb", "a\\..\\x.ipynb", "C:x.ipynb", "C:/x.ipynb"]
)
def test_no_entry_leaves_its_folder(tmp_path: Path, name: str) -> None:
    """A path that leads elsewhere, by any system's rules, is refused; its neighbour is taken."""
    _zip(tmp_path / "archive" / "a.zip", (_entry(name), b"bad"), (_entry("fine.ipynb"), b"good"))
    written, refused = _extracted(tmp_path)
    assert written == {"a/fine.ipynb": b"good"}
    assert list(refused.values()) == ["its path leads out of the archive"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_nothing_but_ordinary_files_is_written(tmp_path: Path, kind: int) -> None:
    """Links, pipes, devices and sockets are refused."""
    _zip(tmp_path / "archive" / "a.zip", (_entry("x.ipynb", kind), b"/etc/passwd"))
    written, refused = _extracted(tmp_path)
    assert written == {}
    assert "a link or a device" in refused["a.zip/x.ipynb"]


def test_a_link_in_the_archive_folder_is_not_followed(tmp_path: Path) -> None:
    """A link beside the archives is refused."""
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "x.ipynb").symlink_to("/etc/passwd")
    assert _extracted(tmp_path) == ({}, {"x.ipynb": "it is a link or a device, not a file"})


def test_a_file_just_within_the_limit_is_taken_and_one_byte_more_is_not(tmp_path: Path) -> None:
    """What counts is what comes out, whatever the archive's header says."""
    _zip(tmp_path / "archive" / "a.zip", ("fits.ipynb", bytes(1000)), ("large.ipynb", bytes(1001)))
    written, refused = _extracted(tmp_path, max_file_bytes=1000)
    assert list(written) == ["a/fits.ipynb"]
    assert "is larger than" in refused["a.zip/large.ipynb"]


def test_a_bomb_ends_at_the_limit(tmp_path: Path) -> None:
    """An archive that unpacks to more than it may is left, and the next one is taken."""
    _zip(tmp_path / "archive" / "a.zip", *((f"{number}.ipynb", bytes(MB)) for number in range(5)))
    _zip(tmp_path / "archive" / "b.zip", ("x.ipynb", b"good"))
    written, refused = _extracted(tmp_path, max_archive_bytes=3 * MB)
    assert set(written) == {"a/0.ipynb", "a/1.ipynb", "b/x.ipynb"}
    assert "holds too much" in refused["a.zip"]


def test_a_header_that_lies_about_its_size_changes_nothing(tmp_path: Path) -> None:
    """A size of one byte in the header does not let a megabyte through."""
    path = _zip(tmp_path / "archive" / "a.zip", ("x.ipynb", bytes(MB)))
    content = path.read_bytes().replace(struct.pack("<I", MB), struct.pack("<I", 1))
    path.write_bytes(content)
    written, refused = _extracted(tmp_path)
    assert sum(map(len, written.values())) <= 1
    assert refused or written


@pytest.mark.parametrize(("count", "taken"), [(3, 3), (4, 0)])
def test_an_archive_holds_so_many_files_and_no_more(tmp_path: Path, count: int, taken: int) -> None:
    """As many files as the limit are taken; with one more, none is."""
    _zip(tmp_path / "archive" / "a.zip", *((f"{number}.ipynb", b"x") for number in range(count)))
    written, refused = _extracted(tmp_path, max_entries=3)
    assert len(written) == taken
    assert ("holds more than 3 files" in refused.get("a.zip", "")) == (not taken)


def test_archives_in_archives_have_limits_of_their_own(tmp_path: Path) -> None:
    """A student's archive is opened, and one in it; further in, or past a student's limit, nothing is."""
    deep = _zip(
        tmp_path / "3.zip", ("deepest.zip", _zip(tmp_path / "4.zip", ("x.ipynb", b"4")).read_bytes()), ("y.ipynb", b"3")
    )
    large = _zip(tmp_path / "l.zip", ("x.ipynb", bytes(3 * MB)))
    _zip(tmp_path / "archive" / "a.zip", ("ada_1_2_hw.zip", deep.read_bytes()), ("bob_3_4_hw.zip", large.read_bytes()))
    for made in (tmp_path / "3.zip", tmp_path / "4.zip", tmp_path / "l.zip"):
        made.unlink()
    written, refused = _extracted(tmp_path, max_student_bytes=2 * MB)
    assert written == {"a/ada_1_2_hw/y.ipynb": b"3", "a/ada_1_2_hw/deepest/x.ipynb": b"4"}
    assert list(refused) == ["a.zip/bob_3_4_hw.zip/x.ipynb", "a.zip/bob_3_4_hw.zip"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no more", b"<html>", bytes(100)])
def test_what_is_no_archive_is_told(tmp_path: Path, content: bytes) -> None:
    """A file that only is called .zip is listed."""
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "a.zip").write_bytes(content)
    (tmp_path / "archive" / "b.tar.gz").write_bytes(content)
    written, refused = _extracted(tmp_path)
    assert written == {}
    assert refused == {
        "a.zip": "it is no .zip archive that can be read", "b.tar.gz": "only .zip archives are opened; unpack it here",
    }  # fmt: skip


def test_names_in_utf8_arrive_whether_the_archive_says_so_or_not(tmp_path: Path) -> None:
    """Older programs write UTF-8 without the flag that says so."""
    path = _zip(tmp_path / "archive" / "a.zip", ("Zoë_1_2_x.ipynb", b"x"))
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(mark) + place
        content[at : at + 2] = b"\0\0"
    path.write_bytes(bytes(content))
    assert list(_extracted(tmp_path)[0]) == ["a/Zoë_1_2_x.ipynb"]


def test_a_name_twice_is_taken_once(tmp_path: Path) -> None:
    """Of two entries with one name the second is listed, as are the files that systems leave."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        _zip(tmp_path / "archive" / "a.zip", ("x.ipynb", b"1"), ("x.ipynb", b"2"), ("__MACOSX/x.ipynb", b"3"))
    written, refused = _extracted(tmp_path)
    assert written == {"a/x.ipynb": b"1"}
    assert refused == {
        "a.zip/x.ipynb": "a file of that name is there already",
        "a.zip/__MACOSX/x.ipynb": "it is a file of the operating system's",
    }
