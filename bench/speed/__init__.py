"""CPU of what is packaged: from a fresh interpreter to the first answer, and warm, beside a floor."""
