"""Reading files: everything between a path on the command line and a document to extract."""

from tasks.files.documents import documents, extract_rows
from tasks.files.model import Document, Limits, Outcome

__all__ = ["Document", "Limits", "Outcome", "documents", "extract_rows"]
