"""The doors out: one format a file. Rounding happens here and nowhere else."""
