"""A cache saves time and does nothing else: whatever stands in its file, the right value comes out."""

import random
import sqlite3

import pytest

from helpers.system.cache import Cache


def value(path, source, made, name="one"):
    """Ask a cache of its own for a value, as a later run would."""
    cache = Cache(path)
    found = cache.value(name, [source, "two"], lambda: made.append(source) or {"a": source})
    cache.save()
    return found


def test_a_value_is_made_again_when_a_source_changes_and_only_then(tmp_path):
    made = []
    found = [value(tmp_path / "c.db", source, made) for source in (b"x", b"x", b"y", b"x")]
    assert found == [{"a": b"x"}, {"a": b"x"}, {"a": b"y"}, {"a": b"x"}]
    assert made == [b"x", b"y", b"x"]


def test_other_code_makes_values_again(tmp_path, monkeypatch):
    from helpers.system import dependencies

    monkeypatch.setattr(dependencies, "fingerprints", lambda *modules: {"helpers.x": "1"})
    cache = Cache(tmp_path / "c.db", "helpers.x")
    cache.put("n", "s", 1)
    cache.save()
    assert Cache(tmp_path / "c.db", "helpers.x").get("n", "s") == 1
    monkeypatch.setattr(dependencies, "fingerprints", lambda *modules: {"helpers.x": "2"})
    assert Cache(tmp_path / "c.db", "helpers.x").get("n", "s") is None


def test_what_a_run_does_not_ask_for_is_dropped(tmp_path):
    made = []
    value(tmp_path / "c.db", b"x", made, "old")
    value(tmp_path / "c.db", b"x", made, "new")
    with sqlite3.connect(tmp_path / "c.db") as database:
        assert database.execute("SELECT name FROM kept").fetchall() == [("new",)]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 100])
def test_a_file_that_is_no_cache_is_made_anew(tmp_path, content):
    path, made = tmp_path / "c.db", []
    path.write_bytes(content)
    assert value(path, b"x", made) == value(path, b"x", made) == {"a": b"x"}
    assert made == [b"x"]


@pytest.mark.slow
def test_a_flipped_byte_anywhere_gives_the_right_value(tmp_path):
    path, chance = tmp_path / "c.db", random.Random(7)
    value(path, b"x" * 5000, [])
    whole = path.read_bytes()
    for _ in range(200):
        spoiled = bytearray(whole)
        spoiled[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(spoiled)
        assert value(path, b"x" * 5000, []) == {"a": b"x" * 5000}
