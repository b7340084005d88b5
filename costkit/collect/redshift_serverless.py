"""What Redshift Serverless has: workgroups, namespaces, limits, snapshots, reservations and offers of them."""

from costkit.collect.call import NEXT_TOKEN_OF_JSON, Call
from costkit.collect.place import GET_RESOURCES, Place

CLIENT = "redshift-serverless"
HUNDRED = {"maxResults": 100}
WORKGROUPS = Call(CLIENT, "ListWorkgroups", "workgroups", NEXT_TOKEN_OF_JSON, HUNDRED)
NAMESPACES = Call(CLIENT, "ListNamespaces", "namespaces", NEXT_TOKEN_OF_JSON, HUNDRED)
LIMITS = Call(CLIENT, "ListUsageLimits", "usageLimits", NEXT_TOKEN_OF_JSON, HUNDRED)
SNAPSHOTS = Call(CLIENT, "ListSnapshots", "snapshots", NEXT_TOKEN_OF_JSON, HUNDRED)
RESERVATIONS = Call(CLIENT, "ListReservations", "reservationsList", NEXT_TOKEN_OF_JSON, HUNDRED)
OFFERINGS = Call(CLIENT, "ListReservationOfferings", "reservationOfferingsList", NEXT_TOKEN_OF_JSON, HUNDRED)
CALLS = (WORKGROUPS, NAMESPACES, LIMITS, SNAPSHOTS, RESERVATIONS, OFFERINGS, GET_RESOURCES)


def collect(place: Place) -> None:
    """Find everything of Redshift Serverless in a place."""
    prefix = "redshift_serverless"
    place.list(f"{prefix}_workgroup", WORKGROUPS, "workgroupName", lambda one: str(one.get("workgroupArn", "")))
    place.list(f"{prefix}_namespace", NAMESPACES, "namespaceName", lambda one: str(one.get("namespaceArn", "")))
    place.tag(f"{prefix}_workgroup", ("redshift-serverless:workgroup",))
    place.tag(f"{prefix}_namespace", ("redshift-serverless:namespace",))
    place.list(f"{prefix}_usage_limit", LIMITS, "usageLimitId", lambda one: str(one.get("usageLimitArn", "")))
    place.list(f"{prefix}_snapshot", SNAPSHOTS, "snapshotName", lambda one: str(one.get("snapshotArn", "")))
    place.list(f"{prefix}_reservation", RESERVATIONS, "reservationId", lambda one: str(one.get("reservationArn", "")))
    place.list(f"{prefix}_reservation_offering", OFFERINGS, "offeringId")
