"""One file holds everything: taken from a running system, restored elsewhere, the journal still verifies and every
login still works. A spoiled file restores nothing."""
from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import psutil
import pytest

from binhan.run.backup import SEAL_BYTES, seal_of
from tests.support.burst import count_of
from tests.support.stack import Stack, free_port
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def backup(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A backup of the running system, and the presses that it must hold."""
    pressed = [stack.press()[2]["press_id"] for _ in range(5)]
    (stack.folder / "files").mkdir(exist_ok=True)
    (stack.folder / "files" / "bằng chứng.txt").write_text("mẫu", encoding="utf-8")
    target = tmp_path_factory.mktemp("backup") / "sao lưu.tar"
    done = stack.command("backup", str(target))
    assert done.returncode == 0, done.stderr
    assert target.stat().st_mode & 0o077 == 0, "it holds the secrets"
    assert [p.name for p in target.parent.iterdir()] == [target.name], "nothing half-written beside it"
    return target, pressed


def restore(file: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`binhan restore` into that folder."""
    return Stack(folder, port=1).command("restore", str(file), *options)


def test_restored_elsewhere_it_goes_on(backup: tuple[Path, list[str]], stack: Stack, tmp_path: Path) -> None:
    file, pressed = backup
    done = restore(file, tmp_path / "d")
    assert done.returncode == 0, done.stderr
    there = Stack(tmp_path / "d", port=free_port())
    assert there.command("verify-journal").returncode == 0
    there.start()
    try:
        assert count_of(there, pressed) == (5, 5)
        token = stack.token("trucban")
        for press_id in pressed:
            assert there.call("GET", f"/api/incidents/{press_id}", token=token)[0] == 200
        assert (there.folder / "files" / "bằng chứng.txt").read_text(encoding="utf-8") == "mẫu"
        assert there.press()[0] == 201
    finally:
        there.stop()
    for command in (["verify-journal"], ["backup", str(tmp_path / "again.tar")], ["check"]):
        done = there.command(*command)
        assert done.returncode == 0, f"without up: {done.stderr}"


def test_refused_while_running_or_over_other_data(backup: tuple[Path, list[str]], stack: Stack, tmp_path: Path) -> None:
    file, _ = backup
    done = restore(file, stack.folder, "--replace")
    assert done.returncode == 1
    assert "Already running" in done.stderr
    assert stack.press()[0] == 201
    (tmp_path / "thư.txt").write_text("của người khác", encoding="utf-8")
    for options in ((), ("--replace",)):
        done = restore(file, tmp_path, *options)
        assert (done.returncode, "thư.txt" in done.stderr) == (1, True)
    assert (tmp_path / "thư.txt").read_text(encoding="utf-8") == "của người khác"


def cut(file: Path, target: Path) -> None:
    """Only the first half."""
    body = file.read_bytes()
    target.write_bytes(body[:len(body) // 2])


def flip(file: Path, target: Path) -> None:
    """One bit of the dump is another."""
    body = bytearray(file.read_bytes())
    with tarfile.open(file) as tar:
        member = tar.getmember("database.dump")
    body[member.offset_data + member.size // 2] ^= 1
    target.write_bytes(body)


def forge(file: Path, target: Path) -> None:
    """The manifest promises more journal rows than the dump has."""
    with tarfile.open(file) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            content = old.extractfile(member)
            assert content is not None
            body = content.read()
            if member.name == "manifest.json":
                manifest = json.loads(body)
                manifest["heads"]["25888"] += 1
                body = json.dumps(manifest).encode()
                member.size = len(body)
            new.addfile(member, io.BytesIO(body))
    seal(target)


def smuggle(file: Path, target: Path) -> None:
    """A file more than the manifest names."""
    target.write_bytes(file.read_bytes()[:-SEAL_BYTES])
    with tarfile.open(target, "a") as tar:
        info = tarfile.TarInfo("secrets/vapid")
        info.size = 5
        tar.addfile(info, io.BytesIO(b"gi\xe1\xba\xa3"))
    seal(target)


def seal(target: Path) -> None:
    """As whoever forges would."""
    with target.open("ab") as file:
        file.write(seal_of(target, target.stat().st_size))


def clip(file: Path, target: Path) -> None:
    """The last byte is missing."""
    target.write_bytes(file.read_bytes()[:-1])


def smudge(file: Path, target: Path) -> None:
    """One bit of what no member holds: the padding at the archive's end."""
    body = bytearray(file.read_bytes())
    body[-SEAL_BYTES - 100] ^= 1
    target.write_bytes(body)


def rubbish(_file: Path, target: Path) -> None:
    """No backup at all."""
    target.write_bytes(b"\0" * 4096)


@pytest.mark.parametrize("spoil", [cut, clip, flip, smudge, forge, smuggle, rubbish])
def test_a_spoiled_file_restores_nothing(backup: tuple[Path, list[str]], tmp_path: Path, spoil: object) -> None:
    spoil(backup[0], tmp_path / "spoiled.tar")  # type: ignore[operator]
    done = restore(tmp_path / "spoiled.tar", tmp_path / "d")
    assert done.returncode == 1
    assert "nothing was restored" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "d" / "pg").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["d", "spoiled.tar"], "nothing left lying about"


def test_one_that_is_killed_leaves_nothing_behind(stack: Stack, tmp_path: Path) -> None:
    target = tmp_path / "d.tar"
    running = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "binhan.run.cli", "backup", str(target), "--data-dir",
                                str(stack.folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    head = psutil.Process(running.pid)
    dumping = wait_until(lambda: [p for p in head.children(recursive=True) if p.name() == "pg_dump"], "no dump has begun")
    running.kill()
    running.wait()
    assert list(tmp_path.iterdir()) == []
    wait_until(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in dumping),
               "pg_dump goes on without us")


def test_anchors_that_are_gone_are_a_finding_until_somebody_vouches(backup: tuple[Path, list[str]], tmp_path: Path) -> None:
    there = Stack(tmp_path / "d", port=1)
    assert restore(backup[0], there.folder).returncode == 0
    (there.folder / "journal-anchors.json").unlink()
    for _ in range(2):
        done = there.command("verify-journal")
        assert (done.returncode, "no anchors are kept" in done.stdout) == (1, True)
    assert there.command("verify-journal", "--anchor-anew").returncode == 0
    assert there.command("verify-journal").returncode == 0


def test_replace_keeps_what_was_there(backup: tuple[Path, list[str]], tmp_path: Path) -> None:
    file, pressed = backup
    assert restore(file, tmp_path / "d").returncode == 0
    refused = restore(file, tmp_path / "d")
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    assert restore(file, tmp_path / "d", "--replace").returncode == 0
    kept = [p for p in tmp_path.iterdir() if p.name.startswith("d.before-")]
    assert len(kept) == 1
    assert (kept[0] / "pg" / "PG_VERSION").exists()
