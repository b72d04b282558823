"""Rows of figures as Markdown, for the commands and for the notebooks."""

from __future__ import annotations


def markdown_table(rows: list[dict]) -> str:
    """Rows of equal keys as a Markdown table; fractions with four digits, None as a dash."""
    if not rows:
        return "(none)"
    lines = ["| " + " | ".join(rows[0]) + " |", "| " + " | ".join("---" for _ in rows[0]) + " |"]
    lines += ["| " + " | ".join(_cell(v) for v in row.values()) + " |" for row in rows]
    return "\n".join(lines)


def figure_text(figure: dict | None, digits: int = 3) -> str:
    """A manifest's figure as ``value (low to high)``; a dash where there is none."""
    if not figure or figure["value"] is None:
        return "-"
    return "{value:.{d}f} ({low:.{d}f} to {high:.{d}f})".format(**figure, d=digits)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def show_table(rows: list[dict], title: str = "") -> None:
    """Show the rows as a table in a notebook, below its title."""
    show_text(f"**{title}**\n\n{markdown_table(rows)}" if title else markdown_table(rows))


def show_text(text: str) -> None:
    """Show Markdown in a notebook."""
    from IPython.display import Markdown, display

    display(Markdown(text))
