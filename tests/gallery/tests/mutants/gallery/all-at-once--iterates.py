# task: gallery.iterates
# diagnosis: symptom asked_ahead
# message: You compute points before they are asked for: yield inside the loop.
# section: sec-gallery-generator


def iterates(gradient, w, step):
    points = [w]
    for _ in range(10):
        points.append(points[-1] - step * gradient(points[-1]))
    yield from points
