"""Asks an AWS account what runs in it and how it is used. Reads only; boto3 is imported when it is needed."""
