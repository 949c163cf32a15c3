# task: gallery.descend
# diagnosis: agrees
# message: You compare the square of the norm with tol: take the root, or square tol.
# section: sec-gallery-callback


def descend(gradient, w, L, tol):
    slope = gradient(w)
    while slope @ slope > tol:
        w = w - slope / L
        slope = gradient(w)
    return w
