"""Commands that only tell."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from alongside import __version__
from alongside.cli import main
from alongside.platform.config import settings


def test_config_tells_every_value_and_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.toml"
    file.write_text('workers = 3\ndatabase_url = "postgresql://ada:geheim@db/x"\n')
    monkeypatch.setenv("ALONGSIDE_PORT", "9000")
    assert main(["config", "--config", str(file)]) == 0
    told = capsys.readouterr().out
    assert re.search(rf"workers = 3 +# {file}", told)
    assert re.search(r"port = 9000 +# environment", told)
    assert re.search(r"host = 127.0.0.1 +# default", told)
    assert re.search(r"public_url = http://localhost:9000 +# default", told)
    assert "geheim" not in told
    assert len(told.splitlines()) == len(settings())


def test_wrong_settings_end_with_two(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ALONGSIDE_PORT", "no")
    assert main(["config"]) == 2
    assert capsys.readouterr().err.startswith("alongside: ALONGSIDE_PORT: 'no' does not fit")


def test_openapi_is_a_description(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    described = json.loads(capsys.readouterr().out)
    assert described["openapi"].startswith("3.")
    assert "/api/v1/session" in described["paths"]


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["dance"], ["serve", "--port", "many"], ["restore"], ["admin"]])
def test_what_is_asked_for_wrongly_ends_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: alongside" in capsys.readouterr().err
