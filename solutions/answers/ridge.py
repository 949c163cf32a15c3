"""Keys of the predict tasks of the ridge chapter; run when an assignment is released."""


def zeros():
    """None at any finite lam: each filter factor is positive wherever d is."""
    return "b"


def shrinks_first():
    """The right singular direction with the smallest singular value has the smallest filter factor."""
    return "b"
