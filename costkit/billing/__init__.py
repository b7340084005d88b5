"""Bills: exports of any size read in, one accounting, and the monthly finance report out of it."""
