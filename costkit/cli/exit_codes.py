"""What a process says when it ends. Stable: people script against these numbers."""

ANSWERED = 0
BUG = 1
REFUSED = 2
GATE_FAILED = 3
INCOMPLETE = 4
AWS_FAILED = 5
INTERRUPTED = 130
