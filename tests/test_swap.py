"""The site at every moment of its exchange, wherever a publication is killed and whatever stands in its place."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from killing import KILLED
from raw_fixtures import state

from helpers.errors import WecareError
from helpers.publish import swap

OLD, NEW = {"page": b"old"}, {"page": b"new"}


@pytest.fixture
def site(tmp_path):
    site = tmp_path / "_site"
    site.mkdir()
    (site / "page").write_text("old")
    return site


def publish(site):
    with swap.replacing(site) as out:
        out.mkdir()
        (out / "page").write_text("new")


def killed(work, at):
    """Do some work in a child that ends before its n-th call of the system that moves or removes something."""
    child = os.fork()
    if not child:
        left = at

        def end(event, given):
            nonlocal left
            if event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "open", "ctypes.dlsym", "shutil.rmtree"):
                left -= 1
                if not left:
                    os._exit(KILLED)

        sys.addaudithook(end)
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.slow
def test_there_is_a_site_wherever_a_publication_is_killed(site, linked):
    place = site
    if linked:
        place = site.rename(site.with_name("elsewhere"))
        site.symlink_to("elsewhere")
    at, seen = 1, set()
    while killed(lambda: publish(site), at):
        found = state(place)
        assert found in (OLD, NEW), at
        seen.add(found["page"])
        if found == NEW:
            (place / "page").write_text("old")
        at += 1
    assert at > 5 and seen == {b"old", b"new"}
    publish(site)
    assert state(place) == NEW and site.is_symlink() == linked
    assert {path.name for path in site.parent.iterdir()} == {site.name, place.name}


def test_without_the_call_of_linux_the_old_site_goes_back(site, monkeypatch):
    monkeypatch.setattr(swap, "exchange", lambda one, other: False)
    publish(site)
    assert state(site) == NEW and list(site.parent.iterdir()) == [site]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_link_is_followed_again_and_again(site, times):
    place = site.rename(site.with_name("elsewhere"))
    site.symlink_to(place)
    for _ in range(times):
        publish(site)
        assert site.is_symlink() and state(place) == NEW
    assert {path.name for path in site.parent.iterdir()} == {"_site", "elsewhere"}


def test_a_link_to_what_is_not_there_yet_is_followed(tmp_path):
    (tmp_path / "_site").symlink_to(tmp_path / "web/site")
    publish(tmp_path / "_site")
    assert state(tmp_path / "web/site") == NEW


def refused(site, said):
    with pytest.raises(
        WecareError, match=f"_site cannot be replaced: .*{said}.*The site stays as it is. To do: "
    ) as told:
        publish(site)
    assert "\n" not in str(told.value)


def test_what_cannot_be_replaced_is_refused_in_one_sentence(tmp_path, monkeypatch):
    loop = tmp_path / "a/_site"
    loop.parent.mkdir()
    loop.symlink_to(loop)
    refused(loop, "leads nowhere")
    (tmp_path / "_site").write_text("x")
    refused(tmp_path / "_site", "is a file")
    (tmp_path / "_site").unlink()
    (tmp_path / "_site").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os.path, "ismount", lambda path: True)
        refused(tmp_path / "_site", "mounted")

    def busy(one, other):
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(swap, "exchange", busy)
    refused(tmp_path / "_site", "Device or resource busy")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("_site")] == ["_site"]


@pytest.mark.parametrize("put", [os.mkfifo, lambda path: path.symlink_to(path), lambda path: path.write_text("x")])
@pytest.mark.slow
def test_a_place_that_cannot_be_replaced_is_refused_before_the_work(tmp_path, put):
    put(tmp_path / "web")
    code = "from helpers.cli.main import main\nmain()"
    command = [sys.executable, "-c", code, "publish", "--folder", str(tmp_path / "web")]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"WECARE_ROOT": str(tmp_path)})
    assert done.returncode == 1 and "web cannot be replaced: " in done.stderr and "To do: " in done.stderr


def test_two_folders_change_places(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page").write_text(name)
    if swap.exchange(tmp_path / "a", tmp_path / "b"):
        assert [(tmp_path / name / "page").read_text() for name in ("a", "b")] == ["b", "a"]
    with pytest.raises(OSError):
        swap.exchange(tmp_path / "none", tmp_path / "b")
