"""A month of a bill or an estimate as a FOCUS dataset: https://focus.finops.org/."""
