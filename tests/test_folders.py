"""A file that is the same in the folder that was is the same file in the one that takes its place."""

import os

import pytest

from helpers.publish.folders import files_below, put


@pytest.fixture
def folders(tmp_path):
    last = tmp_path / "last"
    last.mkdir()
    (last / "a.csv").write_bytes(b"a,b\n")
    return last, tmp_path / "next"


def test_an_unchanged_file_is_the_same_file_with_its_time(folders):
    last, new = folders
    os.utime(last / "a.csv", (1_000, 1_000))
    put(b"a,b\n", new / "a.csv", last / "a.csv")
    assert (new / "a.csv").samefile(last / "a.csv") and (new / "a.csv").stat().st_mtime == 1_000


def test_what_was_changed_removed_or_is_a_link_is_written_anew(folders, tmp_path):
    last, new = folders
    (tmp_path / "elsewhere.csv").write_bytes(b"c\n")
    (last / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    for name, content in {"a.csv": b"a,c\n", "data/b.csv": b"b\n", "link.csv": b"c\n"}.items():
        put(content, new / name, last / name)
        assert (new / name).read_bytes() == content and not (new / name).is_symlink()
        assert not (last / name).exists() or not (new / name).samefile(last / name)
    assert (last / "a.csv").read_bytes() == b"a,b\n"
    assert files_below(new) == ["a.csv", "data/b.csv", "link.csv"]


def test_where_a_file_has_one_name_only_it_is_written(folders, monkeypatch):
    last, new = folders

    def refuse(*_):
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    put(b"a,b\n", new / "a.csv", last / "a.csv")
    assert (new / "a.csv").read_bytes() == b"a,b\n" and not (new / "a.csv").samefile(last / "a.csv")
