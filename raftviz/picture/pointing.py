"""What is at a point of a picture."""

from raftviz.picture.primitives import (
    ClusterPicture,
    Picked,
    PickedClient,
    PickedLink,
    PickedMessage,
    PickedServer,
    PickedVote,
)

_NEAR = 5.0
"""How far from a thin line or a small sign a pointer still means it."""


def at(picture: ClusterPicture, x: float, y: float) -> Picked | None:
    """What is at a point: what is painted last comes first, a link last."""
    for server in picture.servers:
        if (x - server.x) ** 2 + (y - server.y) ** 2 <= (server.radius + _NEAR) ** 2:
            return PickedServer(server.id)
    for client in picture.clients:
        if max(abs(x - client.x), abs(y - client.y)) <= client.half:
            return PickedClient(client.id)
    return _message_at(picture, x, y) or _words_at(picture, x, y) or _link_at(picture, x, y)


def _message_at(picture: ClusterPicture, x: float, y: float) -> Picked | None:
    """The nearest of the messages whose sign is there, so that a crowd can be told apart."""
    places = [*zip(picture.messages.ways, picture.messages.xs, picture.messages.ys, strict=True)]
    places += [(sign.way, sign.x, sign.y) for sign in picture.lost]
    nearest, found = float("inf"), None
    for way, there_x, there_y in places:
        dx, dy = abs(x - there_x), abs(y - there_y)
        if dx + dy < nearest and dx <= way.face.half_w + 2 and dy <= way.face.half_h + 2:
            nearest, found = dx + dy, PickedMessage(way.flight_id)
    return found


def _words_at(picture: ClusterPicture, x: float, y: float) -> Picked | None:
    for label in picture.labels:
        if label.of is not None and label.box.contains(x, y):
            return label.of
    for pip in picture.pips:
        if (x - pip.x) ** 2 + (y - pip.y) ** 2 <= (pip.radius + 1) ** 2:
            return PickedVote(pip.candidate, pip.voter, pip.term)
    return None


def _link_at(picture: ClusterPicture, x: float, y: float) -> Picked | None:
    near = [(link.line.distance(x, y), link) for link in picture.links]
    distance, link = min(near, key=lambda pair: pair[0], default=(_NEAR + 1, None))
    if link is None or distance > _NEAR:
        return None
    return PickedLink(link.source, link.target)
