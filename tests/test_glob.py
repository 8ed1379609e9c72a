"""Patterns of names and paths."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverable.glob import matches, path_matches


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("Orders", "Orders", True),
        ("Orders", "orders", False),
        ("Ord*", "Orders", True),
        ("*", "", True),
        ("", "", True),
        ("", "a", False),
        ("?", "", False),
        ("a?c", "abc", True),
        ("*b*b", "abab", True),
        ("*b*b", "aba", False),
        ('table["a"]', 'table["a"]', True),
        ("table[ab]", "tablea", False),
        ("Stack/*", "Stack/Inner/Orders", True),
    ],
)
def test_a_pattern_fits_all_of_a_name(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) is fits


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("a.yaml", "a.yaml", True),
        ("a.yaml", "x/y/a.yaml", True),
        ("*.test.yaml", "x/a.test.yaml", True),
        ("examples/", "x/examples/a.yaml", True),
        ("examples", "x/examples/a.yaml", True),
        ("examples/", "x/examples", False),
        ("/examples/", "x/examples/a.yaml", False),
        ("./examples/", "examples/a.yaml", True),
        ("stacks/prod/**", "stacks/prod/a/b.yaml", True),
        ("stacks/prod/**", "stacks/prod", False),
        ("stacks/prod", "stacks/prod/a/b.yaml", True),
        ("stacks/*/a.yaml", "stacks/x/a.yaml", True),
        ("stacks/*/a.yaml", "stacks/x/y/a.yaml", False),
        ("stacks/**/a.yaml", "stacks/a.yaml", True),
        ("stacks/**/a.yaml", "stacks/x/y/a.yaml", True),
        ("**/a.yaml", "a.yaml", True),
        ("**", "a/b.yaml", True),
        ("x/a.yaml", "y/x/a.yaml", False),
        ("*", "a/b.yaml", True),
    ],
)
def test_a_path_pattern_fits_a_file_or_a_folder_it_lies_in(pattern: str, path: str, fits: bool) -> None:
    assert path_matches(pattern, path) is fits


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=10))
def test_a_pattern_means_what_the_same_regular_expression_means(pattern: str, text: str) -> None:
    expression = "".join({"*": ".*", "?": "."}.get(letter, letter) for letter in pattern)

    assert matches(pattern, text) is (re.fullmatch(expression, text) is not None)


def test_many_stars_do_not_take_exponential_time() -> None:
    assert not matches("*a" * 200 + "b", "a" * 2000)
    assert not path_matches("**/a/" * 50 + "b", "a/" * 200 + "c")
