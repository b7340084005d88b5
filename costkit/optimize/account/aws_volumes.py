"""EC2-25: volumes that Compute Optimizer would configure otherwise, where costkit says nothing of it itself.

https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-ebs-recommendations.html
"""

from costkit.model.finding import DERIVED, LOW, OPTIMIZATION
from costkit.optimize.check import AccountCheck
from costkit.optimize.recommended import VOLUME

CHECK = AccountCheck(
    code="EC2-25",
    title="Configure the volume as AWS recommends",
    kinds=(VOLUME,),
    category=OPTIMIZATION,
    confidence=DERIVED,
    effort=LOW,
    risk=LOW,
    source="https://docs.aws.amazon.com/compute-optimizer/latest/ug/view-ebs-recommendations.html",
    look=lambda place: place.recommended(VOLUME),
)
