"""What a student calls, as `__all__` names it; programs call `earned`.

Works in a notebook and in a plain Python terminal, on Windows, macOS and Linux.  Whatever
goes wrong is said in one sentence, never as a traceback.
"""

from autograder.student.checking import check, earned
from autograder.student.desk import restore, start, table, undo
from autograder.student.hints import hint
from autograder.student.inputs import inputs_of
from autograder.student.whole import check_all

__all__ = ["check", "check_all", "earned", "hint", "inputs_of", "restore", "start", "table", "undo"]
