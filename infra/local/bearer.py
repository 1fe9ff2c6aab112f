"""Print a bearer token of the local issuer, alone on the last line.

python -m infra.local.bearer mina guest
"""

import argparse
import sys

from infra.endpoints import NoEngine, read_endpoints
from infra.local.issuer import ROLES, Person, TokenRefused, bearer_token


def main() -> int:
    """Print the token of the person that the command line names; what is wrong goes to standard error."""
    parser = argparse.ArgumentParser(description="Print a bearer token of the local issuer.")
    parser.add_argument("user", help="any name; the same name is the same person always")
    parser.add_argument("role", choices=ROLES)
    arguments = parser.parse_args()
    try:
        sys.stdout.write(f"{bearer_token(read_endpoints(), Person(arguments.user, arguments.role))}\n")
    except (NoEngine, TokenRefused) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
