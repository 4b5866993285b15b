"""What the operator may set, and what is said when it is wrong."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from binhan.site.environment import EnvironmentProblem, load


def test_defaults_and_secrets(tmp_path: Path) -> None:
    env = load({"BINHAN_DATA_DIR": str(tmp_path / "d")})
    secret = tmp_path / "d" / "secrets" / "secret_key"
    assert (env.port, env.host, env.embedded) == (8000, "127.0.0.1", True)
    assert secret.stat().st_mode & 0o777 == 0o600
    assert secret.parent.stat().st_mode & 0o777 == 0o700
    assert load({"BINHAN_DATA_DIR": str(tmp_path / "d")}).key == env.key, "made once"
    assert len(str(env.socket_dir / ".s.PGSQL.5432")) < 107


def test_one_directory_has_one_name(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "alias").symlink_to(tmp_path / "d")
    assert load({"BINHAN_DATA_DIR": str(tmp_path / "alias")}).socket_dir == load(
        {"BINHAN_DATA_DIR": str(tmp_path / "d" / ".." / "d")}).socket_dir


def test_file_twins(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("bí mật\n", encoding="utf-8")
    env = load({"BINHAN_DATA_DIR": str(tmp_path), "BINHAN_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert env.secret_key == "bí mật"
    assert not (tmp_path / "secrets").exists()


@pytest.mark.parametrize(("name", "value", "said"), [
    ("BINHAN_PROT", "8000", "BINHAN_PORT"), ("BINHAN_PORT", "tám", "number"), ("BINHAN_PORT", "0", "between"),
    ("BINHAN_PORT", "70000", "between"), ("BINHAN_SECRET_KEY_FILE", "/none/such", "cannot read"),
    ("BINHAN_PROT_FILE", "/x", "BINHAN_PROT_FILE"), ("BINHAN_LOG_LEVEL", "loud", "one of"),
    ("BINHAN_DATABASE_URL", "host=db", "postgresql://"), ("BINHAN_PUBLIC_URL", "binhan.example", "https://"),
    ("BINHAN_SMTP_URL", "localhost:25", "smtp://")])
def test_wrong_settings_are_named(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(EnvironmentProblem, match=said):
        load({"BINHAN_DATA_DIR": str(tmp_path), name: value})


def test_a_server_of_the_operators_own(tmp_path: Path) -> None:
    env = load({"BINHAN_DATA_DIR": str(tmp_path), "BINHAN_DATABASE_URL": "postgresql://boss:p%40ss@db:5433/ward?sslmode=require"})
    assert not env.embedded
    assert env.owner_dsn == "postgresql://boss:p%40ss@db:5433/ward?sslmode=require"
    assert env.app_dsn == f"postgresql://binhan_app:{env.password('binhan_app')}@db:5433/ward?sslmode=require"
    assert "boss" not in env.live_dsn


def test_two_values_for_one_setting_and_files_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "key").write_text("khóa", encoding="utf-8")
    for given, said in (({"BINHAN_SECRET_KEY": "a", "BINHAN_SECRET_KEY_FILE": str(tmp_path / "key")}, "both set"),
                        ({"BINHAN_SECRET_KEY_FILE": str(tmp_path / "noise")}, "UTF-8")):
        with pytest.raises(EnvironmentProblem, match=said):
            load({"BINHAN_DATA_DIR": str(tmp_path), **given})


def test_over_https_browsers_are_told_to_stay_there(tmp_path: Path) -> None:
    for url, seconds in (("https://binhan.example", 31_536_000), ("http://localhost:8000", 0)):
        said = subprocess.run(
            [sys.executable, "-c", "from binhan.site import settings; print(settings.SECURE_HSTS_SECONDS)"], check=True,
            capture_output=True, text=True, env={**os.environ, "BINHAN_DATA_DIR": str(tmp_path), "BINHAN_PUBLIC_URL": url})
        assert int(said.stdout) == seconds
