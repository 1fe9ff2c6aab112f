"""What a load takes of AWS, where it breaks first, what it costs: counted units, published limits and prices."""
