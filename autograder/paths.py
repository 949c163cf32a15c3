"""Where the house keeps things; for tools that run in a clone, never in a student's folder."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"
SOLUTIONS = ROOT / "solutions"
TESTS = ROOT / "tests"
BUILD = ROOT / "build"
