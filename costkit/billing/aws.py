"""The door to AWS for bills that are there: boto3's clients of S3 and Athena."""

from typing import Any

from costkit.model.problem import CostkitError, Problem

ATTEMPTS = 8


def client(service: str) -> Any:
    """boto3's client of a service, patient with throttling. Raises CostkitError if there can be none."""
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError:
        hint = "pip install 'costkit[bill,aws]'"
        raise CostkitError([Problem("CK605", service, "talking to AWS needs boto3", hint)]) from None
    try:
        return boto3.Session().client(service, config=Config(retries={"mode": "standard", "max_attempts": ATTEMPTS}))
    except (BotoCoreError, ValueError) as error:
        hint = "set AWS_REGION and AWS_PROFILE as your account needs them"
        raise CostkitError([Problem("CK620", service, f"no client of AWS: {error}", hint)]) from None
