"""Sessions and clients: credentials through boto3's own chain, and a hook that lets nothing but reads pass."""

from collections.abc import Callable, Container, Iterable
from typing import Any

from costkit import __version__
from costkit.collect.call import Call
from costkit.collect.parsing import parse_plainly
from costkit.model.problem import CostkitError, Problem

# Longer than AWS needs to answer; a longer wait is repeated for every attempt.
CONNECT_SECONDS, READ_SECONDS = 5, 20
ROLE_SESSION = "costkit"
# What boto3's own chain may call to come by credentials.
CREDENTIAL_OPERATIONS = frozenset(
    {
        ("sts", "AssumeRole"),
        ("sts", "AssumeRoleWithWebIdentity"),
        ("sso", "GetRoleCredentials"),
        ("sso-oidc", "CreateToken"),
        ("signin", "CreateOAuth2Token"),
    }
)


class Refused(Exception):
    """An operation that is not on the list of those permitted. It was not sent."""


def permit_only(session: Any, permitted: Iterable[tuple[str, str]]) -> None:
    """Make every client of a botocore session refuse, before it is sent, what is not permitted."""
    allowed = frozenset(permitted)
    passed: set[tuple[str, str]] = set()

    def before_call(model: Any, **event: Any) -> None:
        _refuse(allowed, model.service_model.service_name, model.name)
        passed.add((model.service_model.service_id.hyphenize(), model.name))

    def before_send(event_name: str, **event: Any) -> None:
        # before-send.<service id>.<operation>: a second lock, right before the network.
        _, service, operation = event_name.split(".", 2)
        _refuse(passed, service, operation)

    session.register("before-call", before_call, unique_id="costkit-before-call")
    session.register("before-send", before_send, unique_id="costkit-before-send")


def _refuse(allowed: Container[tuple[str, str]], client: str, operation: str) -> None:
    if (client, operation) not in allowed:
        raise Refused(f"{client}:{operation} is not one of the reads that costkit makes")


def own_session(profile: str | None) -> Any:
    """The caller's own botocore session. Raises CostkitError without boto3 or without such a profile."""
    try:
        import boto3
        from botocore.exceptions import ProfileNotFound
    except ModuleNotFoundError:
        hint = "pip install 'costkit[aws]'"
        raise CostkitError([Problem("CK709", "costkit collect", "asking AWS needs boto3", hint)]) from None
    try:
        session = boto3.Session(profile_name=profile)._session
    except ProfileNotFound:
        hint = "aws configure list-profiles shows those there are"
        raise CostkitError([Problem("CK710", "--profile", f"no profile {profile}", hint)]) from None
    permit_only(session, CREDENTIAL_OPERATIONS)
    return session


def asking_session(own: Any, calls: Iterable[Call], home: str, role: str = "", external_id: str = "") -> Any:
    """A botocore session with the caller's credentials, or a role's, that lets only these calls pass."""
    import botocore.session

    session = botocore.session.Session()
    session.user_agent_extra = f"costkit/{__version__}"
    session.register_component("credential_provider", _Credentials(lambda: _credentials(own, home, role, external_id)))
    parse_plainly(session)
    permit_only(session, [(call.client, call.operation) for call in calls])
    return session


class _Credentials:
    """Stands where botocore looks for its chain of credentials, and gives those found once."""

    def __init__(self, find: Callable[[], Any]) -> None:
        self.find, self.found = find, None

    def load_credentials(self) -> Any:
        if self.found is None:
            self.found = self.find()
        return self.found


def _credentials(own: Any, home: str, role: str, external_id: str) -> Any:
    credentials = own.get_credentials()
    if not role or credentials is None:
        return credentials
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

    def create_client(name: str, **settings: Any) -> Any:
        # Roles are assumed at the regional endpoint, and the caller need not have a region of their own.
        return own.create_client(name, **{**settings, "region_name": settings.get("region_name") or home})

    extra = {"RoleSessionName": ROLE_SESSION, **({"ExternalId": external_id} if external_id else {})}
    fetcher = AssumeRoleCredentialFetcher(create_client, credentials, role, extra_args=extra)
    return DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")


def client_of(session: Any, name: str, region: str) -> Any:
    """A client that makes one attempt a call: retries are made, and counted, by ``Asker``."""
    from botocore.config import Config

    config = Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        parameter_validation=True,
    )
    return session.create_client(name, region_name=region, config=config)
