"""What services promise each other: their events and their direct commands, as AsyncAPI 3 made from the code."""
