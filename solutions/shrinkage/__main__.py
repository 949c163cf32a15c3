"""``python -m shrinkage``: the table of one's own package; other commands work on it."""

import sys

USAGE = """usage: python -m shrinkage            the table: function, chapter, yours / reference / not yet
       python -m shrinkage check ID   judge a function as it stands in this package, e.g. ridge.closed_form
       python -m shrinkage hint ID    show the next hint of an exercise
       python -m shrinkage check_all CHAPTER   judge the saved notebook whole, before handing it in
       python -m shrinkage undo ID    put back what the last passed check replaced
       python -m shrinkage restore    bring saved functions back after unpacking a newer bundle"""
ARGUMENTS = {"table": 0, "restore": 0, "check": 1, "hint": 1, "undo": 1, "check_all": 1}


def main(arguments):
    """Forward to `autograder.student`; return the exit code, 1 where a check earned no point."""
    command, *rest = arguments or ["table"]
    if command in ("-h", "--help"):
        print(USAGE)
        return 0
    if ARGUMENTS.get(command) != len(rest):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        from autograder import student
    except ModuleNotFoundError as problem:
        # Any other missing module is a fault to be seen, not an absent package.
        if problem.name not in ("autograder", "autograder.student"):
            raise
        print(
            "The package 'autograder' is not here: start this in the course's folder, beside the folders "
            "'shrinkage' and 'autograder'.",
            file=sys.stderr,
        )
        return 2
    if command == "check":
        return 0 if student.earned(*rest) else 1
    getattr(student, command)(*rest)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
