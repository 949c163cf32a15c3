"""What a student calls: `start`, `check`, `undo`, `restore`, `table`; programs call `earned`.

Works in a notebook and in a plain Python terminal, on Windows, macOS and Linux.  Whatever
goes wrong is said in one sentence, never as a traceback.
"""

from autograder.student.checking import check, earned
from autograder.student.desk import restore, start, table, undo

__all__ = ["check", "earned", "restore", "start", "table", "undo"]
