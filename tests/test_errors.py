"""What an error says to the person at the keyboard."""

import ast

import pytest
from conftest import ROOT


@pytest.mark.slow
def test_every_message_that_ends_a_command_says_what_to_do():
    """Problems must have a remedy; an error of one sentence says it, or the nearest of what there is."""
    without = []
    for path in sorted((ROOT / "src/helpers").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "WecareError":
                said = ast.get_source_segment(text, node)
                literal = isinstance(node.args[0], ast.Constant | ast.JoinedStr | ast.BinOp)
                if literal and not any(word in said for word in ("To do: ", "{hint}", "must be ", "is none of ")):
                    without.append(f"{path.name}: {said[:120]}")
    assert without == []
