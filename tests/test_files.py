"""Finding the files to read."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from recoverable import content, files
from recoverable.content import read_within
from recoverable.files import Found, discover, root_of
from test_gitignore import git

TABLE = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n"


def lay(root: Path, *paths: str, text: str = TABLE) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def found(root: Path, *paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    here = discover([str(root / path) for path in paths] or [str(root)], str(root), exclude)
    return [file.path for file in here.files]


def faults(here: Found) -> list[tuple[str, str]]:
    return [(fault.kind, fault.origin.start()) for fault in here.faults]


# --- what is looked at ----------------------------------------------------------------------------------------------


def test_templates_are_found_by_their_ending_and_content_in_the_order_of_their_paths(tmp_path: Path) -> None:
    lay(tmp_path, "b.yaml", "a/z.json", "a/c.template", "A.YML", "d.cfn", "notes.md", "a.yaml.j2")
    lay(tmp_path, "workflow.yaml", text="on: push\n")

    assert found(tmp_path) == ["A.YML", "a/c.template", "a/z.json", "b.yaml", "d.cfn"]


def test_the_bytes_are_handed_on_with_the_file(tmp_path: Path) -> None:
    lay(tmp_path, "t.yaml")
    [file] = discover([str(tmp_path)], str(tmp_path)).files

    assert file == files.File("t.yaml", TABLE.encode(), named=False)


def test_a_named_file_is_looked_at_whatever_its_ending(tmp_path: Path) -> None:
    lay(tmp_path, "stack.j2")
    [file] = discover([str(tmp_path / "stack.j2")], str(tmp_path)).files

    assert (file.path, file.named) == ("stack.j2", True)


def test_files_looked_into_and_templates_that_say_nothing_of_tables_are_counted(tmp_path: Path) -> None:
    lay(tmp_path, "t.yaml")
    lay(tmp_path, "bucket.yaml", text="Resources:\n  B:\n    Type: AWS::S3::Bucket\n")
    lay(tmp_path, "workflow.yaml", text="on: push\n")
    here = discover([str(tmp_path)], str(tmp_path))

    assert (len(here.files), here.examined_count, here.other_count) == (1, 3, 1)


def test_a_file_that_is_given_twice_is_looked_at_once(tmp_path: Path) -> None:
    lay(tmp_path, "a/t.yaml")

    assert found(tmp_path, "a/t.yaml", "a", "a/../a/t.yaml", ".") == ["a/t.yaml"]


def test_a_folder_with_the_name_of_a_template_is_walked(tmp_path: Path) -> None:
    lay(tmp_path, "x.yaml/t.yaml")

    assert found(tmp_path) == ["x.yaml/t.yaml"]


def test_state_of_tools_and_copies_of_builds_are_left_out(tmp_path: Path) -> None:
    lay(tmp_path, "t.yaml", *(f"a/{folder}/t.yaml" for folder in files.SKIPPED))

    assert found(tmp_path) == ["t.yaml"]


def test_a_folder_that_is_left_out_is_walked_when_it_is_named(tmp_path: Path) -> None:
    lay(tmp_path, ".aws-sam/build/template.yaml")

    assert found(tmp_path, ".aws-sam/build") == [".aws-sam/build/template.yaml"]


def test_what_is_excluded_is_left_out_even_if_it_is_named(tmp_path: Path) -> None:
    lay(tmp_path, "t.yaml", "examples/e.yaml", "a/examples/e.yaml", "a/t.test.yaml")
    exclude = ("examples/", "*.test.yaml")

    assert found(tmp_path, exclude=exclude) == ["t.yaml"]
    assert found(tmp_path, "t.yaml", "a/t.test.yaml", "examples/e.yaml", "examples", exclude=exclude) == ["t.yaml"]


def test_nothing_that_is_excluded_is_a_fault(tmp_path: Path) -> None:
    lay(tmp_path, "big.yaml", text=TABLE + "#" * content.SIZE_LIMIT)

    assert discover([str(tmp_path)], str(tmp_path), ("big.yaml",)).faults == ()


# --- CDK ------------------------------------------------------------------------------------------------------------


def test_an_assembly_gives_its_templates_and_nested_assemblies_but_neither_records_nor_assets(tmp_path: Path) -> None:
    lay(tmp_path, "cdk.out/cdk.out", text='{"version": "36.0.0"}')
    lay(tmp_path, "cdk.out/assembly-Prod/cdk.out", text='{"version": "36.0.0"}')
    lay(
        tmp_path,
        "cdk.out/App.template.json",
        "cdk.out/AppNested.nested.template.json",
        "cdk.out/assembly-Prod/ProdApp.template.json",
        "cdk.out/assembly-Prod/manifest.json",
        "cdk.out/manifest.json",
        "cdk.out/tree.json",
        "cdk.out/App.assets.json",
        "cdk.out/asset.0123abcd/template.yaml",
    )

    assert found(tmp_path) == [
        "cdk.out/App.template.json",
        "cdk.out/AppNested.nested.template.json",
        "cdk.out/assembly-Prod/ProdApp.template.json",
    ]


def test_a_folder_called_cdk_out_is_an_assembly_also_when_its_own_mark_was_not_copied(tmp_path: Path) -> None:
    lay(tmp_path, "cdk.out/App.template.json", "cdk.out/asset.0123abcd/template.yaml")

    assert found(tmp_path) == ["cdk.out/App.template.json"]


def test_a_folder_beside_cdk_out_is_no_assembly(tmp_path: Path) -> None:
    lay(tmp_path, "cdk.out/cdk.out", "manifest.json", "asset.x/t.yaml")

    assert found(tmp_path) == ["asset.x/t.yaml", "manifest.json"]


# --- git ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    if not git(tmp_path, "init", "--quiet", ".") and not (tmp_path / ".git").exists():
        pytest.skip("git is not installed")
    return tmp_path


def test_what_git_ignores_is_left_out(repository: Path) -> None:
    lay(repository, "t.yaml", "packaged.yaml", "dist/t.yaml", "a/packaged.yaml", "a/local.yaml", "a/b/local.yaml")
    lay(repository, ".gitignore", text="packaged.yaml\ndist/\n")
    lay(repository, "a/.gitignore", text="!packaged.yaml\n/local.yaml\n")

    assert found(repository) == ["a/b/local.yaml", "a/packaged.yaml", "t.yaml"]
    assert found(repository, "a") == ["a/b/local.yaml", "a/packaged.yaml"]


def test_a_tracked_file_is_looked_at_though_git_ignores_its_name(repository: Path) -> None:
    lay(repository, "kept.json", "lost.json", "dist/kept.json", "dist/lost.json")
    lay(repository, ".gitignore", text="*.json\ndist/\n")
    git(repository, "add", "--force", "kept.json", "dist/kept.json")

    assert found(repository) == ["dist/kept.json", "kept.json"]


def test_an_ignored_assembly_of_cdk_is_looked_at(repository: Path) -> None:
    lay(repository, "cdk.out/cdk.out", "cdk.out/App.template.json", "synth/cdk.out", "synth/B.template.json")
    lay(repository, ".gitignore", text="cdk.out\nsynth\n*.template.json\n")

    assert found(repository) == ["cdk.out/App.template.json", "synth/B.template.json"]


def test_an_ignored_folder_or_file_is_looked_at_when_it_is_named(repository: Path) -> None:
    lay(repository, "dist/a/t.yaml", "out/a/t.yaml", "packaged.yaml")
    lay(repository, ".gitignore", text="dist/\nout/**\npackaged.yaml\n")

    assert found(repository, "dist/a", "out/a", "packaged.yaml") == ["dist/a/t.yaml", "out/a/t.yaml", "packaged.yaml"]


def test_nothing_is_ignored_where_the_index_cannot_be_read(repository: Path) -> None:
    lay(repository, "a.yaml", "b.yaml")
    lay(repository, ".gitignore", text="*.yaml\n")
    (repository / ".git" / "index").write_bytes(b"something else")

    assert found(repository) == ["a.yaml", "b.yaml"]


# --- the root -------------------------------------------------------------------------------------------------------


def test_the_root_is_where_git_is_above_what_is_given(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    lay(tmp_path, "a/b/t.yaml", "a/.recoverable.yaml")

    assert root_of(str(tmp_path / "a" / "b" / "t.yaml")) == os.path.realpath(tmp_path)


def test_in_a_worktree_git_is_a_file(tmp_path: Path) -> None:
    lay(tmp_path, ".git", text="gitdir: elsewhere\n")
    lay(tmp_path, "a/t.yaml")

    assert root_of(str(tmp_path / "a")) == os.path.realpath(tmp_path)


def test_without_git_the_root_is_where_the_configuration_is(tmp_path: Path) -> None:
    lay(tmp_path, ".recoverable.yaml", "a/b/t.yaml")

    assert root_of(str(tmp_path / "a" / "b")) == os.path.realpath(tmp_path)


def test_without_either_the_root_holds_all_that_is_given(tmp_path: Path) -> None:
    lay(tmp_path, "a/b/t.yaml", "a/c/t.yaml")
    both = str(tmp_path / "a" / "b" / "t.yaml"), str(tmp_path / "a" / "c")

    assert root_of(*both) == os.path.realpath(tmp_path / "a")


def test_a_file_has_one_name_however_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    lay(tmp_path, "repo/a/t.yaml")
    (tmp_path / "link").symlink_to("repo")
    names = set()
    for folder, path in [
        (".", "repo/a/t.yaml"),
        ("repo/a", "t.yaml"),
        ("repo", "."),
        ("repo/a", ".."),
        ("link/a", "t.yaml"),
        (".", "link/a"),
        (".", str(tmp_path / "repo" / "a" / "t.yaml")),
    ]:
        monkeypatch.chdir(tmp_path / folder)
        names |= {file.path for file in discover([path], root_of(path)).files}

    assert names == {"a/t.yaml"}


# --- faults ---------------------------------------------------------------------------------------------------------


def test_a_path_that_does_not_exist_is_a_fault_and_the_others_are_looked_at(tmp_path: Path) -> None:
    lay(tmp_path, "t.yaml")
    here = discover([str(tmp_path / "nowhere.yaml"), str(tmp_path / "t.yaml")], str(tmp_path))

    assert faults(here) == [("not-found", "nowhere.yaml:1:1")]
    assert [file.path for file in here.files] == ["t.yaml"]


def test_a_path_outside_of_the_root_is_a_fault(tmp_path: Path) -> None:
    lay(tmp_path, "a/t.yaml", "b/t.yaml")
    here = discover([str(tmp_path / "b")], str(tmp_path / "a"))

    assert [fault.kind for fault in here.faults] == ["outside"]
    assert here.files == ()


def test_a_neighbour_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    lay(tmp_path, "a/t.yaml", "ab/t.yaml")

    assert [fault.kind for fault in discover([str(tmp_path / "ab")], str(tmp_path / "a")).faults] == ["outside"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_is_a_fault_at_its_path(tmp_path: Path) -> None:
    lay(tmp_path, "t.yaml", "shut.yaml", "closed/t.yaml")
    (tmp_path / "shut.yaml").chmod(0)
    (tmp_path / "closed").chmod(0)
    here = discover([str(tmp_path)], str(tmp_path))
    (tmp_path / "closed").chmod(0o700)

    assert faults(here) == [("unreadable", "closed:1:1"), ("unreadable", "shut.yaml:1:1")]
    assert [file.path for file in here.files] == ["t.yaml"]


def test_a_file_that_fails_to_open_is_a_fault_and_the_others_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, "bad.yaml", "good.yaml")
    opened = os.open

    def failing(path: str, flags: int) -> int:
        if path.endswith("bad.yaml"):
            raise PermissionError(13, "Permission denied")
        return opened(path, flags)

    monkeypatch.setattr(os, "open", failing)
    here = discover([str(tmp_path)], str(tmp_path))

    assert faults(here) == [("unreadable", "bad.yaml:1:1")]
    assert [file.path for file in here.files] == ["good.yaml"]


def test_a_template_that_is_too_large_is_a_fault_with_the_numbers(tmp_path: Path) -> None:
    lay(tmp_path, "big.yaml", text=TABLE + "#" * content.SIZE_LIMIT)
    [fault] = discover([str(tmp_path)], str(tmp_path)).faults

    assert fault.kind == "too-large"
    assert f"{content.SIZE_LIMIT + len(TABLE):,}" in fault.message


def test_a_pipe_is_passed_over_and_a_fault_only_when_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")

    assert discover([str(tmp_path)], str(tmp_path)).faults == ()
    assert faults(discover([str(tmp_path / "pipe.yaml")], str(tmp_path))) == [("unreadable", "pipe.yaml:1:1")]


def test_a_socket_is_a_fault_when_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s.yaml")
        here = discover(["s.yaml"], str(tmp_path))

    assert faults(here) == [("unreadable", "s.yaml:1:1")]


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, ""])
def test_a_path_that_no_file_can_have_is_a_fault(path: str) -> None:
    assert [fault.kind for fault in discover([path], root_of(path)).faults] == ["not-found"]


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="names are always Unicode there")
def test_a_name_that_is_no_utf_8_is_shown_escaped(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.yaml"))).write_text(TABLE)

    assert found(tmp_path) == ["caf\\xe9.yaml"]


# --- symbolic links -------------------------------------------------------------------------------------------------


def test_links_that_turn_in_circles_come_to_an_end(tmp_path: Path) -> None:
    lay(tmp_path, "a/t.yaml")
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "a" / "self.yaml").symlink_to("self.yaml")

    assert found(tmp_path) == ["a/t.yaml"]


def test_a_link_out_of_the_repository_is_not_followed_and_noted(tmp_path: Path) -> None:
    lay(tmp_path, "repo/t.yaml", "secret.yaml")
    (tmp_path / "repo" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    here = discover([str(tmp_path / "repo")], str(tmp_path / "repo"))

    assert [file.path for file in here.files] == ["t.yaml"]
    assert [note.origin.start() for note in here.notes] == ["link.yaml:1:1"]


def test_a_named_link_out_of_the_repository_is_a_fault(tmp_path: Path) -> None:
    lay(tmp_path, "repo/t.yaml", "secret.yaml")
    (tmp_path / "repo" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    here = discover([str(tmp_path / "repo" / "link.yaml")], str(tmp_path / "repo"))

    assert [fault.kind for fault in here.faults] == ["outside"]


def test_a_file_that_only_a_link_leads_to_is_found_under_the_links_name(tmp_path: Path) -> None:
    lay(tmp_path, "node_modules/x/t.yaml", "t.yaml")
    (tmp_path / "again.yaml").symlink_to("t.yaml")
    (tmp_path / "other.yaml").symlink_to("node_modules/x/t.yaml")

    assert found(tmp_path) == ["other.yaml", "t.yaml"]


# --- files that a template refers to --------------------------------------------------------------------------------


def test_only_what_lies_within_the_root_is_read_for_a_template(tmp_path: Path) -> None:
    lay(tmp_path, "repo/a/t.yaml", "secret.yaml")
    root = str(tmp_path / "repo")
    (tmp_path / "repo" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    os.mkfifo(tmp_path / "repo" / "pipe")

    assert read_within(root, "a/t.yaml") == TABLE.encode()
    assert [
        read_within(root, path)
        for path in ["../secret.yaml", str(tmp_path / "secret.yaml"), "link.yaml", "a", "none", "pipe", "a\0b"]
    ] == [None] * 7
