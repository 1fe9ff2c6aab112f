"""What people who run Staybook do by hand: see what failed, put it back, follow a booking, announce again."""
