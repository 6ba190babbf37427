"""From which network a request comes, for what is counted by it."""

from ipaddress import IPv6Address, ip_address, ip_network

_PREFIX = {4: 24, 6: 64}
"""What one household, office or rented machine commonly has to itself."""


def network_of(address: str) -> str:
    """The network around an address; of IPv4 that is written as IPv6 that of IPv4. A name stays as it is."""
    try:
        found = ip_address(address)
    except ValueError:  # no address: a socket's path or a test's name
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network((found, _PREFIX[found.version]), strict=False))
