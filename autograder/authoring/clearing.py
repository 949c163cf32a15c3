"""nbgrader's ClearSolutions, for a course in which some cells are released as they stand."""

from __future__ import annotations

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions as Stock

from autograder.authoring import slicing

# Nothing here raises: an unanswered prediction must not end a run of the whole notebook.
UNANSWERED = 'answer = None  # replace None by your letter in quotes, like "a"'


class ClearSolutions(Stock):
    """Clears solutions, but not the cell of an unanswered prediction, which holds none.

    The stock preprocessor would replace the whole of a solution cell without markers.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Clear one cell."""
        first, _, rest = cell.source.partition("\n")
        if slicing.task_of(first) and rest.strip() == UNANSWERED:
            return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)
