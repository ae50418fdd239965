"""The columnar form of expressions: many questions about many documents as SQL over DuckDB.

It never decides otherwise than the interpreter: where it answers, the interpreter gives the same answer, and what it
cannot answer it leaves to the interpreter. One plan holds all questions about one resource type (`plan`, `compile`),
its rounds are SQL statements (`statements`), and the engine runs them batch by batch (`engine`).
"""

from assay.expressions.columns.documents import document
from assay.expressions.columns.engine import ASK, FAILS, HOLDS, NOT_APPLICABLE, Engine, Query, Question, properties_read

__all__ = ["ASK", "FAILS", "HOLDS", "NOT_APPLICABLE", "Engine", "Query", "Question", "document", "properties_read"]
