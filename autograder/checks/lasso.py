"""The checks of the lasso chapter: what is asked, which laws the answers obey, what they weigh.

The functions to write are here; the solver to repair, the analyses and the questions have modules of their own.
"""

from __future__ import annotations

from autograder.checks.answers import AnswerTask
from autograder.checks.base import Task
from autograder.checks.lasso_analyses import ANALYSES
from autograder.checks.lasso_questions import QUESTIONS
from autograder.checks.lasso_signs import SIGNS

# --- soft_threshold ------------------------------------------------------------------------------

TASKS: tuple[Task | AnswerTask, ...] = (*SIGNS, *QUESTIONS, *ANALYSES)
