"""The command line: click and nothing else. Parse, call one library function, render, set the exit code."""

import gc

# One short run makes no garbage worth collecting, and looking for it takes a twentieth of the start-up.
# This must come before click is imported; the library itself leaves the collector alone.
gc.disable()
