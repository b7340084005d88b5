"""What collecting from AWS writes: snapshots, plans, and the IAM policy."""
