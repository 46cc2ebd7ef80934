"""How right the findings are: an annotated folder is read, answered, counted and compared.

    gold      the annotated documents of a folder, and answers in the same form
    reader    one text -> one answer, through the public API alone, so that it reads with
              the code of another commit as well
    answers   all answers, of a model, of a saved folder or of a commit
    measures  what values are compared by: trimmed spans, days that a date covers, exact amounts
    counting  answers beside annotations -> right, predicted and wanted, a layer
    changes   two answers -> rows gained, lost and changed
    readme    the table of the README

Everything is a pure function but `answers`, which runs the model, and writing.
"""

from __future__ import annotations
