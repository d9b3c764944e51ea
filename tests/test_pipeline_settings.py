"""Settings: defaults, then the settings file, then the environment, then flags."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import airquote

from audio.errors import UsageError
from pipeline.settings import Settings, load_settings, settings_path


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of this test's settings file, which does not exist yet."""
    for variable in ("HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    path = settings_path()
    path.parent.mkdir(parents=True)
    return path


def test_without_anything_set_there_are_the_defaults() -> None:
    settings = load_settings({}, {})
    assert settings == Settings(library=settings.library)
    assert settings.library.is_absolute()
    assert (settings.engine, settings.model, settings.jobs) == ("auto", None, 1)


def test_flags_outdo_the_environment_and_that_the_file(settings_file: Path) -> None:
    settings_file.write_text('model = "file"\nengine = "file"\nlanguage = "Spanish"\njobs = 3\n')
    environment = {"AIRQUOTE_MODEL": "environment", "AIRQUOTE_ENGINE": "environment", "AIRQUOTE_JOBS": ""}
    settings = load_settings({"model": "flag", "engine": None}, environment)
    assert (settings.model, settings.engine, settings.language, settings.jobs) == ("flag", "environment", "es", 3)


@pytest.mark.parametrize("name", ["AIRQUOTE_UNKNOWN", "AIRQUOTE_PLAYER", "MODEL"])
def test_other_variables_are_left_alone(name: str) -> None:
    assert load_settings({}, {name: "x"}) == load_settings({}, {})


def test_the_library_is_an_absolute_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert load_settings({"library": Path("here")}, {}).library == tmp_path / "here"
    assert load_settings({}, {"AIRQUOTE_LIBRARY": "~/there"}).library == tmp_path / "home" / "there"


@pytest.mark.parametrize("jobs", ["0", "-3", "many", "1.5", "", None, []])
def test_jobs_are_one_or_more(jobs: object) -> None:
    if jobs is None:
        assert load_settings({"jobs": jobs}, {}).jobs == 1
        return
    with pytest.raises(UsageError, match="jobs"):
        load_settings({"jobs": jobs}, {})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("model = ", "cannot be read"),
        ("modle = 'tiny.en'", "'modle'"),
        ("[transcribe]\nmodel = 'tiny.en'", "'transcribe'"),
        ("model = 5", "model is set to 5"),
        ("library = ['a']", "library is set to"),
        ("jobs = 'many'", "'many'"),
        ("jobs = 0", "0"),
        ("library = '~nobody-at-all/x'", "~nobody-at-all"),
    ],
)
def test_a_settings_file_that_does_not_fit_is_named_with_what_is_wrong(
    text: str, complaint: str, settings_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_file.write_text(text)
    monkeypatch.delenv("AIRQUOTE_LIBRARY")
    run = airquote("list")
    assert (run.code, run.out) == (2, "")
    assert complaint in run.err


@pytest.mark.parametrize(
    ("name", "value"), [("repeats", "x"), ("language", "foo"), ("jobs", "many"), ("library", "~no-one-here/x")]
)
def test_a_value_that_cannot_be_used_is_told_with_where_it_was_set(name: str, value: str, settings_file: Path) -> None:
    variable = f"AIRQUOTE_{name.upper()}"
    with pytest.raises(UsageError) as caught:
        load_settings({}, {variable: value})
    assert caught.value.message.startswith(f"{variable}: ")
    settings_file.write_text(f"{name} = '{value}'")
    with pytest.raises(UsageError) as caught:
        load_settings({}, {})
    assert caught.value.message.startswith(f"{name} in {settings_file}: ")
    with pytest.raises(UsageError) as caught:
        load_settings({name: value}, {variable: value})
    assert variable not in caught.value.message


def test_a_settings_file_that_is_no_text_is_named(settings_file: Path) -> None:
    settings_file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        load_settings({}, {})
