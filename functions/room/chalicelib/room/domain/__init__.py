"""The aggregates: a room, a month of its calendar, a review. Pure: (state, command) -> (state, events)."""
