"""What made a month dearer or cheaper than the one before: by service, product family and account, for one sentence."""

from costkit.billing.accounting import in_month, text
from costkit.billing.engine import Engine
from costkit.model.bill import Driver

MOST = 50


def drivers(engine: Engine, month: str, before: str, metric: str, where: str) -> tuple[Driver, ...]:
    """The largest changes between two months of a bill, of all kinds of charges, the largest first."""
    now, then = f"month = {text(month)}", f"month = {text(before)}"
    usage = "CASE WHEN charge = 'Usage' THEN"
    sql = (
        "SELECT currency, charge, service, what, account, rise FROM ("
        f"SELECT currency, charge, {usage} service END AS service, {usage} COALESCE(family, usage_type) END AS what,"
        f" account, {in_month(metric, month)} - {in_month(metric, before)} AS rise"
        f" FROM facts WHERE {now} OR {then}"
        f" GROUP BY currency, charge, {usage} service END, {usage} COALESCE(family, usage_type) END, account"
        f") AS changes WHERE rise <> 0 ORDER BY ABS(rise) DESC, 1, 2, 3, 4, 5 LIMIT {MOST}"
    )
    rows = list(engine.rows(sql, where))
    names = _account_names(engine, where) if rows else {}
    return tuple(
        Driver(
            charge=str(charge),
            service=str(service or ""),
            what=str(what or ""),
            account=str(account or ""),
            account_name=names.get(str(account or ""), ""),
            currency=str(currency or ""),
            rise=rise,
        )
        for currency, charge, service, what, account, rise in rows
    )


def _account_names(engine: Engine, where: str) -> dict[str, str]:
    sql = "SELECT account, MAX(account_name) FROM sums WHERE account_name IS NOT NULL GROUP BY account"
    return {str(account): str(name) for account, name in engine.rows(sql, where)}
