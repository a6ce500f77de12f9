"""Settings: where they come from, and what is said when one is wrong."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from alongside.platform.config import Config, from_wire, settings, to_wire
from alongside.platform.config_loading import load, load_with_sources
from alongside.platform.config_sources import ConfigError
from alongside.platform.secret import Secret
from tools.contract import settings as contract


def test_nothing_needs_to_be_set() -> None:
    config = load({})
    assert (config.host, config.port, config.workers) == ("127.0.0.1", 8400, 1)
    assert config.public_url == "http://localhost:8400"
    assert config.database_url is None


def test_the_command_line_wins_over_the_environment_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "alongside.toml"
    file.write_text('port = 1\nhost = "10.0.0.1"\nworkers = 2\ntrusted_proxies = ["10.0.0.0/8"]\n')
    loaded = load_with_sources({"ALONGSIDE_PORT": "2", "ALONGSIDE_HOST": "10.0.0.2"}, file, {"port": 3})
    config = loaded.config
    assert (config.port, config.host, config.workers) == (3, "10.0.0.2", 2)
    assert config.trusted_proxies == ("10.0.0.0/8",)
    assert loaded.sources["port"] == "command line"
    assert loaded.sources["host"] == "environment"
    assert loaded.sources["workers"] == str(file)
    assert loaded.sources["log_level"] == "default"


@pytest.mark.parametrize(
    ("variable", "text", "field", "value"),
    [
        ("ALONGSIDE_DEMO", "yes", "demo", True),
        ("ALONGSIDE_DEMO", "0", "demo", False),
        ("ALONGSIDE_PORT", " 9000 ", "port", 9000),
        ("ALONGSIDE_PORT", "", "port", 8400),
        ("ALONGSIDE_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8", "trusted_proxies", ("127.0.0.1", "10.0.0.0/8")),
        ("ALONGSIDE_DATA_DIR", "/srv/x", "data_dir", Path("/srv/x")),
        ("ALONGSIDE_PUBLIC_URL", "https://chat.example.com/", "public_url", "https://chat.example.com"),
    ],
)
def test_the_environment_is_text_and_becomes_what_it_means(variable: str, text: str, field: str, value: object) -> None:
    assert getattr(load({variable: text}), field) == value


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"ALONGSIDE_PROT": "1"}, "ALONGSIDE_PROT is no setting. Did you mean ALONGSIDE_PORT"),
        ({"ALONGSIDE_port": "1"}, "ALONGSIDE_port"),
        ({"ALONGSIDE_PORT": "http"}, "'http' does not fit: expected a whole number"),
        ({"ALONGSIDE_PORT": "70000"}, "70000 does not fit"),
        ({"ALONGSIDE_WORKERS": "0"}, "ALONGSIDE_WORKERS"),
        ({"ALONGSIDE_DEMO": "perhaps"}, "true or false"),
        ({"ALONGSIDE_LOG_LEVEL": "loud"}, "'loud' does not fit: use one of debug, info, warning, error"),
        ({"ALONGSIDE_TRUSTED_PROXIES": "10.0.0.0/8,proxy"}, "'proxy' is neither an address nor a network"),
        ({"ALONGSIDE_PUBLIC_URL": "chat.example.com"}, "no address like"),
        ({"ALONGSIDE_PUBLIC_URL": "https://chat.example.com/chat"}, "no path"),
        ({"ALONGSIDE_PUBLIC_URL": "http://chat.example.com"}, "not encrypted"),
        ({"ALONGSIDE_DATABASE_URL": "mysql://db"}, "must begin with postgresql://"),
        ({"ALONGSIDE_NATS_URL": "http://bus"}, "must begin with nats://"),
        ({"ALONGSIDE_STORAGE_URL": "ftp://files"}, "must begin with file:///"),
        ({"ALONGSIDE_STORAGE_URL": "file://files"}, "must begin with file:///"),
        ({"ALONGSIDE_OIDC_ISSUER": "accounts.example.com"}, "no address like"),
        ({"ALONGSIDE_OIDC_ISSUER": "http://accounts.example.com"}, "no address like"),
        ({"ALONGSIDE_OIDC_ISSUER": "https://accounts.example.com"}, "needs oidc_client_id"),
        ({"ALONGSIDE_CONFIG": "/nowhere/alongside.toml"}, "does not exist"),
    ],
)
def test_what_is_wrong_is_said(env: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(env)
    assert said in refused.value.message
    assert refused.value.exit_code == 2
    assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", "there is no setting 'prot'. Did you mean port?"),
        ("colour = 1", "`alongside config` lists"),
        ('port = "8400"', "expected a whole number, got a text"),
        ("port = ", "not valid TOML"),
        ("[server]\nport = 1", "there is no setting 'server'"),
        ('demo = "yes"', "expected true or false"),
        ('trusted_proxies = "10.0.0.1"', "expected a list"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "alongside.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load({}, file)
    assert said in refused.value.message
    assert str(file) in refused.value.message


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    file = tmp_path / "alongside.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        load({}, file)
    with pytest.raises(ConfigError, match="cannot be read"):
        load({}, tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    file = tmp_path / "alongside.toml"
    file.write_text("")
    file.chmod(0)
    with pytest.raises(ConfigError, match="may not be read"):
        load({}, file)


def test_secrets_do_not_show() -> None:
    config = load({"ALONGSIDE_DATABASE_URL": "postgresql://a:geheim@db/x"})
    assert "geheim" not in repr(config)
    assert config.database_url == Secret("postgresql://a:geheim@db/x")
    with pytest.raises(TypeError):
        pickle.dumps(config.database_url)
    with pytest.raises(ConfigError) as refused:
        load({}, overrides={"database_url": 3})
    assert "3" not in refused.value.message.replace("5432", "")


def test_a_process_of_ours_gets_everything() -> None:
    config = load({"ALONGSIDE_DATABASE_URL": "postgresql://a:geheim@db/x", "ALONGSIDE_TRUSTED_PROXIES": "::1"})
    assert from_wire(to_wire(config)) == config


@pytest.mark.parametrize(
    ("url", "origins"),
    [
        ("https://chat.example.com", ("https://chat.example.com",)),
        ("https://chat.example.com:8443", ("https://chat.example.com:8443",)),
        ("http://localhost:1", ("http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1")),
        ("http://[::1]:1", ("http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1")),
        ("http://127.0.0.1", ("http://localhost", "http://127.0.0.1", "http://[::1]")),
    ],
)
def test_own_origins(url: str, origins: tuple[str, ...]) -> None:
    assert load({"ALONGSIDE_PUBLIC_URL": url}).own_origins == origins


def test_the_guide_is_as_the_settings_are() -> None:
    assert (Path(__file__).parents[2] / "docs/configure.md").read_text() == contract.render()


def test_every_setting_says_what_it_means() -> None:
    assert set(settings()) == set(Config.__struct_fields__)
    for setting in settings().values():
        assert setting.description.endswith("."), setting.name
        assert len(setting.description) > 15, setting.name
