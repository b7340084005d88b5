"""EC2-24: what Compute Optimizer holds to be idle and costkit does not say itself, with AWS's own figures.

https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-idle-recommendations.html
"""

from costkit.model.finding import DERIVED, LOW, MEDIUM, OPTIMIZATION
from costkit.optimize.check import AccountCheck
from costkit.optimize.recommended import IDLE

CHECK = AccountCheck(
    code="EC2-24",
    title="Idle, says AWS",
    kinds=(IDLE,),
    category=OPTIMIZATION,
    confidence=DERIVED,
    effort=LOW,
    risk=MEDIUM,
    source="https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-idle-recommendations.html",
    look=lambda place: place.recommended(IDLE),
)
