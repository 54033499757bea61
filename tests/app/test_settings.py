"""Settings: file, environment, options, each stronger than the one before; and no secret in any of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from actwright.errors import ConfigError
from actwright.settings import _FROM_ENVIRONMENT, Settings, load_settings
from actwright.settings_secrets import secret

VARIABLES = (
    "HOME",
    "ORG",
    "AS",
    "PLANNER",
    "CLIENT_ID",
    "PRIVATE_KEY_FILE",
    "EXPLAIN_CLIENT_ID",
    "CLIENT_SECRET",
    "SESSION_TOKEN",
    "EXPLAIN_CLIENT_SECRET",
)
OF_A_MODEL = ("OPENAI_API_KEY", "OPENAI_BASE_URL")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every variable of ours out of the environment."""
    for name in VARIABLES:
        monkeypatch.delenv(f"ACTWRIGHT_{name}", raising=False)
    for name in OF_A_MODEL:
        monkeypatch.delenv(name, raising=False)


def written(folder: Path, text: str) -> Path:
    """Write the settings file, and return its folder."""
    (folder / "actwright.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_anything_it_is_the_local_org(tmp_path: Path) -> None:
    """No file, no variable, no option: the local org, its home in the working folder, half an hour."""
    settings = load_settings(folder=tmp_path)
    assert settings == Settings()
    assert (settings.org, settings.user, str(settings.home)) == ("local", None, ".actwright")
    assert settings.confirmation_minutes == 30


def test_each_source_is_stronger_than_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment overrides the file, an option overrides both, and None is no option."""
    folder = written(tmp_path, 'user = "file"\nclient_id = "file"\nconfirmation_minutes = 5\n')
    assert load_settings(folder=folder).user == "file"
    monkeypatch.setenv("ACTWRIGHT_AS", "environment")
    monkeypatch.setenv("ACTWRIGHT_CLIENT_ID", "")
    settings = load_settings({"user": None}, folder=folder)
    assert (settings.user, settings.client_id) == ("environment", "file")
    settings = load_settings({"user": "option"}, folder=folder)
    assert (settings.user, settings.confirmation_minutes) == ("option", 5)


@pytest.mark.parametrize("name", ["client_secret", "session_token", "explain_client_secret"])
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, name: str) -> None:
    """The error names the secret's name and where it belongs, never its value."""
    with pytest.raises(ConfigError) as caught:
        load_settings(folder=written(tmp_path, f'{name} = "hunter2"\n'))
    told = f"{caught.value} {caught.value.hint}"
    assert name in told
    assert f"ACTWRIGHT_{name.upper()}" in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('pasword = "hunter2"', "pasword"),
        ("confirmation_minutes = 0", "confirmation_minutes"),
        ("confirmation_minutes = 99999", "confirmation_minutes"),
        ('confirmation_minutes = "soon"', "confirmation_minutes"),
        ('planner = "oracle"', "planner"),
        ("org = 5", "org"),
        ('actions = "x"', "actions"),
        ("[actions]\nA = 5", "actions.A"),
        ("this is no toml", "cannot be read"),
        ("a = 1\na = 2", "cannot be read"),
    ],
)
def test_a_wrong_file_names_the_key(tmp_path: Path, text: str, words: str) -> None:
    """Unknown keys, wrong values and broken syntax are told, and no value is repeated."""
    with pytest.raises(ConfigError) as caught:
        load_settings(folder=written(tmp_path, text))
    assert words in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are told as such."""
    (tmp_path / "actwright.toml").write_bytes(b'user = "\xff"')
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(folder=tmp_path)


@pytest.mark.parametrize(
    "org",
    [
        "",
        "LOCAL",
        "acme",
        "acme.my.salesforce.com",
        "ftp://acme.example",
        "file:///etc/passwd",
        "https://",
        "https://user@acme.example",
        "https://user:hunter2@acme.example",
        "https://:hunter2@acme.example",
        "https://@acme.example",
        "https://acme.example/path",
        "https://acme.example?x=hunter2",
        "https://acme.example#x",
        "https://acme.example:99999",
        "https://[::1",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, org: str) -> None:
    """Only ``local`` or a plain web address is an org; a password in it is not repeated."""
    with pytest.raises(ConfigError) as caught:
        load_settings({"org": org}, folder=tmp_path)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("org", "kept"),
    [
        ("local", "local"),
        ("https://acme.my.salesforce.com/", "https://acme.my.salesforce.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_an_address_is_kept_without_its_slash(tmp_path: Path, org: str, kept: str) -> None:
    """A closing slash makes no difference."""
    assert load_settings({"org": org}, folder=tmp_path).org == kept


@pytest.mark.parametrize(
    ("blobs", "telemetry_blobs"),
    [
        ("s3://acme/blobs", "s3://acme/blobs/"),
        ("kept", "./kept/."),
        (None, "HOME/blobs"),
        ("HOME/telemetry", None),
        ("s3://acme/blobs", "s3://acme//blobs"),
        ("s3://acme/blobs#x", "s3://acme/blobs"),
    ],
)
def test_what_is_purged_stands_apart_from_what_is_kept_for_good(
    tmp_path: Path, blobs: str | None, telemetry_blobs: str | None
) -> None:
    """One place for both is refused, however it is written: a purge of the log would take documents with it."""
    places = {"blobs": blobs, "telemetry_blobs": telemetry_blobs}
    given = {name: each and each.replace("HOME", str(tmp_path)) for name, each in places.items()}
    with pytest.raises(ConfigError, match="blobs and telemetry_blobs name one place"):
        load_settings({"home": tmp_path, **given}, folder=tmp_path)


def test_a_link_does_not_make_two_places_of_one(tmp_path: Path) -> None:
    """Neither where it is named in the settings, nor where it stands in the home, nor before the folder is there."""
    (tmp_path / "log").symlink_to("kept")
    with pytest.raises(ConfigError, match="name one place"):
        load_settings({"blobs": str(tmp_path / "kept"), "telemetry_blobs": str(tmp_path / "log")})
    (tmp_path / "home" / "blobs").mkdir(parents=True)
    assert load_settings({"home": tmp_path / "home"}).blobs is None
    (tmp_path / "home" / "telemetry").symlink_to("blobs")
    with pytest.raises(ConfigError, match="name one place"):
        load_settings({"home": tmp_path / "home"})


def test_secrets_come_from_the_environment_and_are_never_part_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever prints the settings prints no secret."""
    monkeypatch.setenv("ACTWRIGHT_SESSION_TOKEN", "hunter2")
    settings = load_settings(folder=tmp_path)
    assert secret("session_token", settings.org) == "hunter2"
    assert "hunter2" not in repr(settings) + settings.model_dump_json()


def test_a_file_cannot_redirect_the_environments_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An org that only a file in the working folder names never gets a secret of the environment."""
    folder = written(tmp_path, 'org = "https://elsewhere.example"\n')
    monkeypatch.setenv("ACTWRIGHT_SESSION_TOKEN", "hunter2")
    with pytest.raises(ConfigError, match="elsewhere") as caught:
        load_settings(folder=folder)
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"
    monkeypatch.setenv("ACTWRIGHT_ORG", "https://elsewhere.example")
    assert load_settings(folder=folder).org == "https://elsewhere.example"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "models.example/v1",
        "ftp://models.example/v1",
        "https://",
        "https://user:hunter2@models.example/v1",
        "https://models.example/v1?key=hunter2",
        "https://models.example:99999/v1",
        "https://models exam.ple/v1",
        "https://models.example/v1\n",
    ],
)
def test_a_models_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    """Only a plain web address is a model's service; a password in it is not repeated."""
    with pytest.raises(ConfigError) as caught:
        load_settings({"model_url": url}, folder=tmp_path)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        'openai_api_key = "hunter2"',
        'api_key = "hunter2"',
        'apiKey = "hunter2"',
        'token = "hunter2"',
        '"access-token" = "hunter2"',
        'secret = "hunter2"',
        'password = "hunter2"',
        '[openai]\nkey = "hunter2"',
    ],
)
def test_what_sounds_like_a_secret_is_refused_as_one(tmp_path: Path, text: str) -> None:
    """A secret under a name of the user's own is told where secrets belong, and its value is not repeated."""
    with pytest.raises(ConfigError, match="looks like a secret") as caught:
        load_settings(folder=written(tmp_path, text))
    told = f"{caught.value} {caught.value.hint}"
    assert "environment or the keyring only" in told
    assert "OPENAI_API_KEY" in told
    assert "hunter2" not in told


def test_settings_and_names_that_only_sound_so_are_none(tmp_path: Path) -> None:
    """A private key's path and a blueprint's name are no secrets."""
    text = (
        'private_key_file = "key.pem"\nmodel_input_tokens = 5000\n[actions]\nRotate_key = "a:b"\n'
    )
    assert load_settings(folder=written(tmp_path, text)).actions == {"Rotate_key": "a:b"}


def test_a_file_redirects_a_models_key_only_where_none_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model's address in the file beside a key in the environment is refused where a model plans, and only there."""
    folder = written(tmp_path, 'model_url = "https://elsewhere.example/v1"\n')
    monkeypatch.setenv("OPENAI_API_KEY", "hunter2")
    assert load_settings(folder=folder).model_url == "https://elsewhere.example/v1"
    with pytest.raises(ConfigError, match="elsewhere") as caught:
        load_settings({"planner": "openai"}, folder=folder)
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"
    monkeypatch.setenv("OPENAI_BASE_URL", "https://elsewhere.example/v1")
    settings = load_settings({"planner": "openai"}, folder=folder)
    assert settings.model_url == "https://elsewhere.example/v1"


def test_every_setting_stands_in_the_table() -> None:
    """Each setting has a row on the page of the command line, with the variable of the environment that sets it."""
    page = Path(__file__).parents[2] / "docs" / "cli.md"
    table = page.read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
    rows = [each.split("|")[1:3] for each in table.splitlines() if each.startswith("| `")][1:]
    told = {name: variable.strip(" `") for names, variable in rows for name in _names(names)}
    assert set(told) == set(Settings.model_fields)
    assert {name: each for name, each in told.items() if each} == _FROM_ENVIRONMENT


def _names(cell: str) -> list[str]:
    return [each.strip(" `") for each in cell.split(",")]
