"""What a site says on every page while it isolates nothing."""

NOTICE = (
    "This site trains without isolation (sandbox “process”): images are decoded with all rights of the account that "
    "runs it. Right for a demo with one's own data on this machine; never let strangers upload."
)
