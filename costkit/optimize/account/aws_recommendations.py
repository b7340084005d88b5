"""ACC-05: what the Cost Optimization Hub recommends and costkit does not say itself, with AWS's own figures.

https://docs.aws.amazon.com/cost-management/latest/userguide/cost-optimization-hub.html
"""

from costkit.model.finding import DERIVED, LOW, OPTIMIZATION
from costkit.optimize.check import AccountCheck
from costkit.optimize.recommended import HUB

CHECK = AccountCheck(
    code="ACC-05",
    title="Recommended by AWS",
    kinds=(HUB,),
    category=OPTIMIZATION,
    confidence=DERIVED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/cost-management/latest/userguide/cost-optimization-hub.html",
    look=lambda place: place.recommended(HUB),
)
