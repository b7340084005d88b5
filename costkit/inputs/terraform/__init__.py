"""The Terraform door: what ``terraform show -json`` prints becomes entries of a spec."""
