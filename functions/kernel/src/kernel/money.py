"""Money: whole minor units of one currency. Never a float."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units of the ISO 4217 `currency` (won have no minor unit: 120000 KRW is 120,000 won)."""

    amount: int
    currency: str

    @property
    def shown(self) -> dict[str, Any]:
        """As it goes over the wire."""
        return {"amount": self.amount, "currency": self.currency}

    def times(self, count: int) -> "Money":
        """So many times as much.

        >>> Money(120_000, "KRW").times(2)
        Money(amount=240000, currency='KRW')
        """
        return Money(self.amount * count, self.currency)
