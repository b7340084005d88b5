"""The server and its fleet, started once and told what to answer."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from aws import fleet

NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Account:
    """Starts the server, builds the fleet, and takes rules and gives the log of requests."""

    def __enter__(self) -> "Account":
        environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(Path(__file__).parent / "server.py")],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        assert self.process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        self.keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI"}
        self._build()
        self._post("lasting", fleet.rules())
        return self

    def __exit__(self, *_: Any) -> None:
        self.process.terminate()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a command that asks this account, on the tests' day."""
        nowhere = os.devnull
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": nowhere,
            "AWS_SHARED_CREDENTIALS_FILE": nowhere,
            "SOURCE_DATE_EPOCH": fleet.NOW,
            "NO_PROXY": "127.0.0.1",
            **self.keys,
        }

    def rules(self, *rules: dict[str, Any]) -> None:
        """Take these rules until the next time, and forget the log."""
        self._post("rules", rules)

    def log(self) -> list[tuple[str, str, str]]:
        """Client, operation and region of each request since the rules were set."""
        return [tuple(entry) for entry in self._post("log", None)]

    def wait_for(self, operation: str) -> None:
        """Return when an operation has been asked for."""
        self._post("await", operation)

    def release(self) -> None:
        """Let the requests go that a rule holds."""
        self._post("release", None)

    def _post(self, path: str, data: Any) -> Any:
        request = urllib.request.Request(f"{self.url}/_costkit/{path}", json.dumps(data).encode())
        with NO_PROXY.open(request) as answer:
            return json.loads(answer.read())

    def _build(self) -> None:
        import boto3

        def client(name: str, key: str = "AKIAEXAMPLE", token: str | None = None) -> Any:
            return boto3.client(
                name,
                endpoint_url=self.url,
                region_name=fleet.REGION,
                aws_access_key_id=key,
                aws_secret_access_key="wJalrXUtnFEMI",
                aws_session_token=token,
            )

        role = client("sts").assume_role(RoleArn=fleet.ROLE, RoleSessionName="tests")["Credentials"]
        fleet.build(client, lambda name: client(name, role["AccessKeyId"], role["SessionToken"]))
