"""What stands inside a {task} of an exercise page: prose, hints, and the wrong lines of a definition to repair."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import cast

from autograder.authoring import places, slicing


@dataclass(frozen=True)
class Body:
    """What a {task} says below its options: prose, hints, and wrong lines by the line they stand at."""

    prose: str
    hints: tuple[str, ...]
    broken: tuple[tuple[int, str], ...]


def read(body: str, line: int = 1) -> Body:
    """A task's body, which begins at a `line` of its page, without its {hint} and {broken} blocks; and these."""
    lines = body.splitlines()
    hints: list[str] = []
    broken: list[tuple[int, str]] = []
    for token in reversed(places.parser().parse(body)):
        if token.type not in places.FENCES or not (name := re.match(r"\{(hint|broken)\}", token.info.strip())):
            continue
        first, last = cast(list[int], token.map)
        lines[first:last] = []
        if name[1] == "hint":
            hints.append(token.content.strip())
        else:
            broken.append((line + first, token.content))
    return Body("\n".join(lines).strip("\n"), tuple(reversed(hints)), tuple(reversed(broken)))


def broken_stub(definition: str, blocks: tuple[str, ...], secrets: set[str]) -> str:
    """A definition to be repaired: the wrong lines in the place of the marked ones.

    Raises
    ------
    ValueError
        If there is not one block for each marked gap, if no valid Python comes of it, or if a
        wrong line holds one that must not leave.
    """
    gaps = len(list(slicing.regions(definition)))
    if gaps != len(blocks):
        raise ValueError(f"{gaps} marked {'gap needs' if gaps == 1 else 'gaps need'} as many blocks {{broken}}, "
                         f"and there {'is' if len(blocks) == 1 else 'are'} {len(blocks)}")  # fmt: skip
    stub = slicing.fill(definition, blocks)
    try:
        ast.parse(stub)
    except SyntaxError as problem:
        raise ValueError(f"the lines of {{broken}} give no valid Python ({problem.msg})") from None
    for line in "\n".join(blocks).splitlines():
        if any(secret in line for secret in secrets):
            raise ValueError(f"{line.strip()!r} stands in {{broken}} and between markers: mark only what is wrong")
    return stub
