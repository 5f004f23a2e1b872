"""Files are told apart by their content; what is held stays what it was when it was first read."""

import os

import pytest

from helpers.system import files
from helpers.system.fingerprints import fingerprint


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Torino")
    return path


def edit_unseen(path, text):
    """Write something of the same size and put the times back, as ``touch -r`` does."""
    times = path.stat()
    path.write_text(text)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_an_edit_that_keeps_size_and_time_is_seen(file):
    before = files.fingerprint_of(file)
    edit_unseen(file, "Torinx")
    assert files.read(file) == b"Torinx"
    assert files.fingerprint_of(file) == fingerprint(b"Torinx") != before


def test_what_is_held_stays_and_its_edit_is_named(file, tmp_path):
    absent = tmp_path / "b.csv"
    with files.holding():
        assert files.read(file) == b"Torino" and files.fingerprint_of(absent) == ""
        assert files.find_changed() == []
        edit_unseen(file, "Torinx")
        absent.write_text("x")
        with files.holding():
            assert files.read(file) == b"Torino"
        with pytest.raises(FileNotFoundError):
            files.read(absent)
        assert sorted(files.find_changed()) == [file, absent]
        files.forget(file)
        assert files.read(file) == b"Torinx" and files.find_changed() == [absent]
    assert files.read(absent) == b"x" and files.find_changed() == []
