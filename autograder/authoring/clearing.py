"""nbgrader's ClearSolutions, for a course in which some cells are released as they stand."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions as Stock

AS_IT_STANDS: dict[str, Any] = {"shrinkage": {"released": "as it stands"}}


def released_as_it_stands(cell: NotebookNode) -> bool:
    """Whether a source cell holds no solution: an unanswered question, or a definition to be repaired."""
    ours = cell.metadata.get("shrinkage")
    return isinstance(ours, dict) and ours.items() >= AS_IT_STANDS["shrinkage"].items()


class ClearSolutions(Stock):
    """Clears solutions, but not the cells that are marked as holding none.

    The stock preprocessor would replace the whole of a solution cell without markers.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Clear one cell."""
        if released_as_it_stands(cell):
            return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)
