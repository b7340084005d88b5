"""The command line: click and nothing else. Parse, call one library function, render, set the exit code."""
