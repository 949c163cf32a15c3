"""The one table that `check_all` shows: rich in a notebook, plain in a terminal."""

from __future__ import annotations

from html import escape

from autograder import render, words
from autograder.manifest import TaskInfo
from autograder.student import say
from autograder.student.alone import Row

Lines = list[tuple[TaskInfo, Row]]


def show(title: str, lines: Lines, said: list[str], file: str) -> None:
    """Show the rows in order, under what there is to mind; then the total, and what remains to be done."""
    ends = [_total(lines), _remains(lines, file, bool(said))]
    more = [f"{task.id}: {row.more}" for task, row in lines if row.more]
    say.html(lambda: _html(title, lines, said, more, ends), _text(title, lines, said, more, ends))


def _points(task: TaskInfo, row: Row) -> str:
    earned = "–" if row.earned is None else words.number(row.earned * task.points)
    return f"{earned} of {words.number(task.points)}"


def _total(lines: Lines) -> str:
    shown = [(task.points, row.earned * task.points) for task, row in lines if row.earned is not None]
    later = sum(task.points for task, row in lines if row.earned is None)
    earned, held = sum(e for _, e in shown), sum(h for h, _ in shown)
    said = f"{words.number(earned)} of {words.number(held)} points on the visible cases"
    said += f"; {words.number(later)} more are decided in grading." if later else "."
    return said


def _remains(lines: Lines, file: str, minded: bool) -> str:
    waits = [task.id for task, row in lines if not (row.earned == 1.0 or (row.earned is None and _is_whole(row)))]
    if waits:
        return f"What remains: {', '.join(waits)}."
    first = "put right what stands above the table, then " if minded else ""
    return f"No task remains to be done: {first}hand in {file}."


def _is_whole(row: Row) -> bool:
    """Whether a row that grading decides is complete as far as can be seen here."""
    return row.said != "no cell" and not row.said.startswith("not judged")


def _text(title: str, lines: Lines, said: list[str], more: list[str], ends: list[str]) -> str:
    rows = [("task", "points", "verdict"), *((task.id, _points(task, row), row.said) for task, row in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    out = [*render.wrapped(title, "", "  "), ""]
    for line in said:
        out += [*render.wrapped(f"[mind] {line}", "  ", "    "), ""]
    out += [f"  {a:<{widths[0]}}  {b:<{widths[1]}}  {c}" for a, b, c in rows]
    for line in more:
        out += ["", *render.wrapped(line, "  ", "    ")]
    out.append("")
    for line in ends:
        out += render.wrapped(line, "  ", "    ")
    return "\n".join(out) + "\n"


def _html(title: str, lines: Lines, said: list[str], more: list[str], ends: list[str]) -> str:
    left = 'style="text-align:left"'
    heads = "".join(f'<th scope="col" {left}>{head}</th>' for head in ("Task", "Points", "Verdict"))
    body = "".join(
        f"<tr><td {left}><code>{escape(task.id)}</code></td><td {left}>{_points(task, row)}</td>"
        f"<td {left}>{render.code(row.said)}</td></tr>"
        for task, row in lines
    )
    parts = [f"<p>{escape(title)}</p>", *(render.notice(line) for line in said)]
    parts.append(f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>")
    if more:
        parts.append(f"<ul>{''.join(f'<li>{render.code(line)}</li>' for line in more)}</ul>")
    parts += [f"<p><strong>{escape(line)}</strong></p>" for line in ends]
    return f'<section aria-label="All checks of the chapter" style="max-width:56em">{"".join(parts)}</section>'
