"""Stage crawl: the sources' lists asked for new articles, and those fetched; one row of the ledger an address.

A list's row follows the rows of everything that it names. Whoever is killed in between finds the list, at the next
run, as it was before, and so finds again what it named.
"""

from tasks.crawl.history import History
from tasks.crawl.run import crawl
from tasks.crawl.wish import Wish

__all__ = ["History", "Wish", "crawl"]
