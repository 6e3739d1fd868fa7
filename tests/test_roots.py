"""Roots: which root modules paths stand for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fglint.ignored import Ignored
from fglint.roots import PathError, Root, Search

Make = Callable[..., None]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Writes files of a repository that is the working directory; calls become module blocks."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def make(**files: str) -> None:
        for name, calls in files.items():
            path = tmp_path / name.replace("__", "/") / "main.tf"
            path.parent.mkdir(parents=True, exist_ok=True)
            blocks = [
                f'module "m{number}" {{\n  source = "{call}"\n}}\n'
                for number, call in enumerate(calls.split())
            ]
            path.write_text("".join(blocks))

    return make


def found(*paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    roots = Search(exclude).roots(Path(path) for path in paths)
    return [root.directory.relative_to(Path.cwd()).as_posix() for root in roots]


def test_directory_with_files_is_a_root_though_others_call_it(make: Make) -> None:
    make(a="../b", b="")
    assert ["b"] == found("b")
    assert ["a"] == found(".")


def test_callers_are_followed_through_several_modules(make: Make) -> None:
    make(prod="../modules/app", stage="../modules/app", modules__app="../net", modules__net="")
    assert ["prod", "stage"] == found("modules/net/main.tf")
    assert ["prod", "stage"] == found(".")


def test_module_that_nobody_calls_stands_for_itself(make: Make) -> None:
    make(a="", modules__lonely="")
    assert ["modules/lonely"] == found("modules/lonely/main.tf")


def test_source_in_a_comment_or_of_another_block_is_no_call(make: Make, tmp_path: Path) -> None:
    make(a="", b="")
    (tmp_path / "a/main.tf").write_text(
        '# source = "../b"\nresource "x" "y" {\n  source = "../b"\n}\n'
    )
    assert ["a", "b"] == found(".")


def test_call_in_json_counts(make: Make, tmp_path: Path) -> None:
    make(b="")
    (tmp_path / "a").mkdir()
    (tmp_path / "a/main.tf.json").write_text('{"module": {"b": {"source": "../b"}}}')
    assert ["a"] == found(".")


def test_modules_that_call_each_other_are_not_lost(make: Make) -> None:
    make(a="../b", b="../a")
    assert ["a", "b"] == found(".")


def test_each_root_is_found_once(make: Make) -> None:
    make(a="", b="")
    assert ["b", "a"] == found("b", "a/main.tf", "./b/", ".")


def test_downloaded_and_ignored_directories_are_not_searched(make: Make, tmp_path: Path) -> None:
    make(a="", build__x="", keep__build="")
    for name in ("a/.terraform/modules/m", ".git/x", "node_modules/y"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "main.tf").write_text("")
    (tmp_path / ".gitignore").write_text("/build/\n")
    assert ["a", "keep/build"] == found(".")
    assert [] == found("a/.terraform/modules/m/main.tf")


def test_search_from_below_knows_callers_above(make: Make) -> None:
    make(prod="../modules/app", modules__app="", modules__spare="")
    assert ["modules/spare"] == found("modules")


def test_settings_file_stands_for_all_roots_below(make: Make, tmp_path: Path) -> None:
    make(a="", infra__b="", infra__c="")
    (tmp_path / "infra/fglint.toml").write_text("")
    assert ["infra/b", "infra/c"] == found("infra/fglint.toml")


def test_variables_file_stands_for_the_nearest_directory_above(make: Make, tmp_path: Path) -> None:
    make(a="", b="")
    (tmp_path / "a/env").mkdir()
    (tmp_path / "a/env/prod.tfvars").write_text("")
    (tmp_path / "lonely.tfvars").write_text("")
    assert ["a"] == found("a/env/prod.tfvars")
    assert [] == found("lonely.tfvars")


def test_template_is_a_reason_to_look_at_those_that_name_it(make: Make, tmp_path: Path) -> None:
    make(a="", b="")
    (tmp_path / "a/main.tf").write_text('locals {\n  t = file("../files/app.json")\n}\n')
    (tmp_path / "files").mkdir()
    (tmp_path / "files/app.json").write_text("[]")
    path = tmp_path / "files/app.json"
    assert [Root(tmp_path / "a", frozenset({path}))] == Search().roots([path])


def test_excluded_directories_are_named_from_the_working_directory(make: Make) -> None:
    make(a="", examples__x="", a__examples="")
    assert ["a", "a/examples"] == found(".", exclude=("examples",))
    assert ["a"] == found(".", exclude=("**/examples",))


@pytest.mark.parametrize("name", ["plan.out", "tfplan"])
def test_saved_plan_is_refused(make: Make, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04rest")
    with pytest.raises(PathError, match="is a plan"):
        found(name)


def test_container_definitions_in_json_are_no_plan(make: Make, tmp_path: Path) -> None:
    make(a="")
    (tmp_path / "a/app.json").write_text('[{"name": "format_version"}]')
    assert ["a"] == found("a/app.json")


# ---- what git ignores -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        ("build", "build", True),
        ("build", "a/build", True),
        ("/build", "a/build", False),
        ("build/", "build", True),
        ("a/build", "a/build", True),
        ("a/build", "b/a/build", False),
        ("*.bak", "x.bak", True),
        ("**/cache", "a/b/cache", True),
        ("a/**/c", "a/b/x/c", True),
        ("a/**", "a/b", True),
        ("tm?", "tmp", True),
        ("tm[!p]", "tmp", False),
        ("tmp\n!tmp", "tmp", False),
        ("# tmp\n\n", "tmp", False),
        ("\\#tmp", "#tmp", True),
    ],
)
def test_ignored_paths(tmp_path: Path, patterns: str, path: str, expected: bool) -> None:
    (tmp_path / ".gitignore").write_text(patterns)
    assert expected is Ignored(tmp_path)(tmp_path / path, True)


def test_inner_file_of_patterns_wins(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / ".gitignore").write_text("build\n")
    (tmp_path / "a/.gitignore").write_text("!build\n")
    ignored = Ignored(tmp_path)
    assert ignored(tmp_path / "build", True)
    assert not ignored(tmp_path / "a/build", True)
