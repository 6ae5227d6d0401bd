"""The demo newsroom: a dozen invented outlets on loopback, and every fault a server can commit.

``with newsroom() as room`` runs it in a process of its own for a test; ``python -m tests.newsroom`` in the foreground.
Hosts, all on one port:

- 127.0.0.{10 + k}: outlet k of ``outlets.py``; 127.0.0.{110 + k} the same pages, with the first as canonical host;
- 127.0.3.x: generic outlets whose robots.txt is odd (``site.ODD_ROBOTS``); 127.0.4.x: slow ones;
- any other: a small generic outlet with ``/feed.xml?n=10&forbidden=0``, articles ``/a/<number>``, and
  ``/private/<number>``, which its robots.txt forbids.

``/fault/<name>/<number>`` on any host commits a fault, those of ``raw.py`` on the next port;
``/fault/feed.xml?n=1000&spread=4`` lists them. ``POST /__/advance`` goes to the next edition, ``POST /__/reset``
back to the first one, ``GET /__/log`` gives the log.
"""

from tests.newsroom.harness import Room, newsroom

__all__ = ["Room", "newsroom"]
