"""The CloudFormation door: resources of a template, SAM or plain, as entries of a spec."""
